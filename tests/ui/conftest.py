"""The pages over made-up values: asked in process, or served for a browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient

from tests.ui import sample

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def pages() -> Iterator[TestClient]:
    """The sample's pages."""
    with TestClient(sample.app(), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The sample's pages on a port of their own."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(sample.app(), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A headless Chromium; the tests that ask for it are skipped where there is none.

    It ends with the module: while it lives, an event loop runs in this thread, and no other test could run one.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    sync_api = pytest.importorskip("playwright.sync_api")
    quiet = [
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--no-first-run",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=quiet)
        yield browser
        browser.close()
