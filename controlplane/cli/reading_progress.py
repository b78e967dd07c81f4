"""``controlplane workflows``: asking how far readings have come, and waiting for them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from controlplane.cli.client import ServerClient

Workflow = dict[str, Any]
_EVERY_SECONDS, _MINUTE = 0.5, 60


def ask(client: ServerClient) -> list[Workflow]:
    """The workflows as REST has them, all pages."""
    found: list[Workflow] = []
    cursor: str | None = None
    while True:
        params = {"limit": "500"} | ({"cursor": cursor} if cursor else {})
        page = client.send("GET", "/api/v1/workflows", params=params).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def wait(client: ServerClient) -> list[Workflow]:
    """Ask until nothing is being built; shows bars on standard error where that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(24), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars: dict[str, TaskID] = {}
        while True:
            found = ask(client)
            _show(progress, bars, found)
            if all(one["building"] is None for one in found):
                return found
            time.sleep(_EVERY_SECONDS)


def _show(progress: Progress, bars: dict[str, TaskID], found: Sequence[Workflow]) -> None:
    for one in found:
        building = one["building"]
        if building is not None:
            if one["name"] not in bars:
                bars[one["name"]] = progress.add_task(one["title"], total=None, told="")
            done, total, _ = _far(building)
            progress.update(bars[one["name"]], completed=done, total=total or None, told=_so_far(building))
        elif one["name"] in bars:
            task = bars[one["name"]]
            whole = progress.tasks[progress.task_ids.index(task)].total or 1
            progress.update(task, completed=whole, total=whole, told="history read")


def lines(found: Sequence[Workflow], output: Literal["text", "json"]) -> Iterator[str]:
    """One line a workflow, or one JSON document."""
    if output == "json":
        yield json.dumps(found, ensure_ascii=False)
        return
    width = max((len(one["name"]) for one in found), default=0)
    for one in found:
        yield f"{one['name']:{width}}  {one['definition'] or '(none yet)':16}  {_told(one)}"
    if not found:
        yield "no workflow is declared; write one and run controlplane apply -f FILE"


def _told(one: Workflow) -> str:
    building = one["building"]
    if building is None:
        return str(one["title"])
    return f"{one['title']}: {building['definition']} reads history, {_so_far(building)}"


def _so_far(building: dict[str, Any]) -> str:
    done, total, told = _far(building)
    return f"{done} of {total} {told}{_left(building)}" if total else "about to begin"


def _left(building: dict[str, Any]) -> str:
    """How long the stage at hand will still take; "" where the server can't say."""
    seconds = building.get("seconds_left")  # a server of an earlier version does not say
    if seconds is None:
        return ""
    return f", about {seconds} s left" if seconds < _MINUTE else f", about {round(seconds / _MINUTE)} min left"


def _far(building: dict[str, Any]) -> tuple[int, int, str]:
    """How much is done of what, and what is counted: first weeks, then parts of what they came to."""
    if portions := building.get("portions"):  # a server of an earlier version does not say
        return building["folded"], portions, "parts put together"
    return building["done"], building["total"], "weeks"
