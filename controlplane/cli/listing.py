"""Lists of a server: all pages of one, each item a line for people or an object for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

from controlplane.cli.client import ServerClient

Output = Literal["text", "json"]
Item = Mapping[str, Any]


def items(client: ServerClient, path: str, wanted: Mapping[str, str | None]) -> Iterator[Item]:
    """What a list has, asked for page by page; filters that are None are left out. Raises ``UserError``."""
    params = {"limit": "500"} | {name: value for name, value in wanted.items() if value is not None}
    while True:
        page = client.send("GET", path, params=params).json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        params["cursor"] = page["next_cursor"]


def lines(found: Iterable[Item], output: Output, text: Callable[[Item], str]) -> Iterator[str]:
    """One line for each: as ``text`` puts it, or its JSON as the server sent it."""
    yield from (json.dumps(one) if output == "json" else text(one) for one in found)
