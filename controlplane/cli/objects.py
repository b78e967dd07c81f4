"""Lists of timelines for the command line: asked of a server, and written as lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal
from urllib.parse import quote

from controlplane.cli.client import ServerClient

Timeline = dict[str, Any]
Pairs = Sequence[tuple[str, str]]
_PAGE = 500
#: Ids of an object that its line shows.
_SHOWN = 4


def listed(client: ServerClient, workflow: str, asked: Pairs, limit: int) -> Iterator[Timeline]:
    """At most ``limit`` timelines of a workflow that fit, as REST has them, asked for page by page."""
    address, cursor = f"/api/v1/workflows/{quote(workflow, safe='')}/instances", ""
    while limit > 0:
        more = [("cursor", cursor)] if cursor else []
        page = client.send("GET", address, params=[*asked, ("limit", str(min(limit, _PAGE))), *more]).json()
        yield from page["items"]
        limit -= len(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return


def as_csv(client: ServerClient, workflow: str, asked: Pairs) -> Iterator[str]:
    """The list as a file, as it comes."""
    return client.pieces(f"/api/v1/workflows/{quote(workflow, safe='')}/instances.csv", params=asked)


def found(client: ServerClient, text: str, limit: int) -> list[Timeline]:
    """What a text leads to."""
    items: list[Timeline] = client.send("GET", "/api/v1/search", params={"q": text, "limit": str(limit)}).json()[
        "items"
    ]
    return items


def lines(timelines: Iterable[Timeline], output: Literal["text", "json"]) -> Iterator[str]:
    """A line a timeline; if there is none and people read it, a sentence."""
    told = False
    for one in timelines:
        told = True
        yield json.dumps(one, ensure_ascii=False) if output == "json" else _line(one)
    if not told and output == "text":
        yield "nothing fits"


def _line(one: Timeline) -> str:
    amount = "" if one["amount"] is None else f"{one['amount']['value']} {one['amount']['currency']}"
    if "settled" in one and one["settled"] != one["amount"]:
        amount = f"{one['settled']['value']} of {amount}"
    keys = [f"{key['type']}:{key['value']}" for key in one["keys"]]
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    latest = one["milestones"][-1]["step"] if one["milestones"] else ""
    return (
        f"{one['workflow']} {one['id']}  {one['state']:9}  {one['started_at']}  {latest:12}  {amount:>18}  "
        f"{' '.join(keys[:_SHOWN])}{more}"
    )
