"""Takes the pictures that the README shows, from the demo itself: ``make screenshots``."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "images"
WIDE = {"width": 1440, "height": 900}
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Start the demo without live traffic, sign in, take the pictures, end it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "controlplane", "demo", "--no-live", "--data-dir", folder]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
        try:
            take(*way_in(demo))
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=60)


def way_in(demo: subprocess.Popen[str]) -> tuple[str, str, str]:
    """The pages' address, the login link and the token, as the demo prints them."""
    found: dict[str, str] = {}
    for line in demo.stdout or ():
        sys.stdout.write(line)
        for name, pattern in (("pages", r"Pages\s+(\S+)"), ("link", r"(http\S+/login\S+)"), ("token", r"_TOKEN=(\S+)")):
            if match := re.search(pattern, line):
                found[name] = match[1]
        if len(found) == len(("pages", "link", "token")):
            return found["pages"], found["link"], found["token"]
    raise SystemExit("the demo ended before it said where its pages are")


def take(pages: str, link: str, token: str) -> None:
    """Invoice posting, and the timeline of a late invoice that was tried more than once."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport=WIDE)  # type: ignore[arg-type] # a plain mapping is its TypedDict
        page.goto(link)
        shoot(page, f"{pages}/slas/invoice-posting", "invoice-posting.png")
        shoot(page, f"{pages}/workflows/invoice-to-cash/instances/{late(pages, token)}", "timeline.png")
        browser.close()


def late(pages: str, token: str) -> str:
    """The id of a completed invoice with a handful of failed postings that missed its deadline."""
    url = f"{pages}/api/v1/workflows/invoice-to-cash/instances"
    answer = httpx.get(url, params={"state": "completed", "limit": 500}, headers={"authorization": f"Bearer {token}"})
    missed = [
        item
        for item in answer.json()["items"]
        if any(one["sla"] == "invoice-posting" and one["state"] == "breached" for one in item["slas"])
    ]
    return str(min(missed, key=lambda item: abs(len(item["milestones"]) - 10))["id"])


def shoot(page: Page, url: str, name: str) -> None:
    """One picture, once the figures are there."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / name)


if __name__ == "__main__":
    main()
