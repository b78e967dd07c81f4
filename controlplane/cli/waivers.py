"""``controlplane waiver``: what it asks a server and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from controlplane.cli.client import ServerClient
from controlplane.cli.listing import Output, items, lines

_PATH = "/api/v1/waivers"
_JSON = {"Content-Type": "application/json"}


def request(client: ServerClient, wish: Mapping[str, Any]) -> str:
    """Ask for a waiver; what came of it. Raises ``UserError``."""
    body = json.dumps({name: value for name, value in wish.items() if value is not None}).encode()
    return _line(client.send("POST", _PATH, content=body, headers=_JSON).json())


def listed(client: ServerClient, subject: str | None, state: str | None, output: Output) -> Iterator[str]:
    """A line for each. Raises ``UserError``."""
    return lines(items(client, _PATH, {"subject": subject, "state": state}), output, _line)


def decide(client: ServerClient, name: str, how: str, comment: str | None) -> str:
    """Approve, refuse or withdraw; what came of it. Raises ``UserError``."""
    body = json.dumps({"comment": comment}).encode()
    return _line(client.send("POST", f"{_PATH}/{quote(name, safe='')}/{how}", content=body, headers=_JSON).json())


def _line(one: Mapping[str, Any]) -> str:
    decided = f", {one['state']} by {one['decided_by']}" if one["decided_by"] else ""
    soon = f" (in {one['days_left']} days)" if one["ends_soon"] else ""
    return (
        f"{one['name']}  {one['state']}  {one['subject']}  until {one['expires']}{soon}  "
        f"requested by {one['requested_by']}{decided}: {one['reason']}"
    )
