"""``controlplane webhook``: what it asks a server and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from controlplane.cli.client import ServerClient
from controlplane.cli.listing import Output, lines

_PATH = "/api/v1/webhooks"
_JSON = {"Content-Type": "application/json"}


def listed(client: ServerClient, output: Output) -> Iterator[str]:
    """A line for each. Raises ``UserError``."""
    return lines(client.send("GET", _PATH).json(), output, _line)


def deliveries(client: ServerClient, name: str, limit: int, output: Output) -> Iterator[str]:
    """A line for each. Raises ``UserError``."""
    page = client.send("GET", f"{_path(name)}/deliveries", params={"limit": str(limit)}).json()
    return lines(page["items"], output, _delivery)


def test(client: ServerClient, name: str) -> tuple[str, bool]:
    """What came of a test event, and whether it was taken. Raises ``UserError``."""
    one = client.send("POST", f"{_path(name)}/test").json()
    return _delivery(one), one["state"] == "delivered"


def make_secret(client: ServerClient, name: str) -> str:
    """A secret that the server made. Raises ``UserError``."""
    return str(client.send("POST", f"{_path(name)}/secret").json()["secret"])


def set_secret(client: ServerClient, name: str, secret: str) -> None:
    """Have the server keep a secret. Raises ``UserError``."""
    client.send("PUT", f"{_path(name)}/secret", content=json.dumps({"secret": secret}).encode(), headers=_JSON)


def steer(client: ServerClient, name: str, how: str, reason: str | None) -> str:
    """Pause, resume or skip; how it stands then. Raises ``UserError``."""
    body = json.dumps({"reason": reason}).encode()
    return _line(client.send("POST", f"{_path(name)}/{how}", content=body, headers=_JSON).json())


def _path(name: str) -> str:
    return f"{_PATH}/{quote(name, safe='')}"


def _line(one: Mapping[str, Any]) -> str:
    trouble = one["note"] or (one["last_error"] if one["state"] == "failing" else None)
    again = f", tried again at {one['next_attempt_at']}" if one["state"] == "failing" and one["next_attempt_at"] else ""
    bare = "  no secret yet" if one["secret"] not in {"elsewhere", "set"} else ""
    return f"{one['name']}  {one['state']}  {one['url']}{bare}" + (f": {trouble}{again}" if trouble else "")


def _delivery(one: Mapping[str, Any]) -> str:
    said = one["error"] or f"answered {one['status']} in {one['milliseconds']} ms"
    tries = f" after {one['attempts']} tries" if one["attempts"] > 1 else ""
    return f"{one['last_attempt_at']}  {one['state']}{tries}  {one['type']}  {one['subject']}  {one['event']}: {said}"
