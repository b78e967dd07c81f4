"""``controlplane lifecycle`` and ``incident``: what they ask a server and what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from controlplane.cli.client import ServerClient
from controlplane.cli.listing import Output, items, lines

_INCIDENTS = "/api/v1/incidents"
_JSON = {"Content-Type": "application/json"}


def endings(client: ServerClient, output: Output) -> Iterator[str]:
    """How it stands (for people), then each version with its callers. Raises ``UserError``."""
    answer = client.send("GET", "/api/v1/lifecycle").json()
    if output == "json":
        yield from (json.dumps(one) for one in answer["items"])
        return
    yield answer["sentence"]
    for one in answer["items"]:
        sunset = f", sunset {one['sunset']}" if one["sunset"] else ""
        yield f"{one['api']} {one['version']}  {_standing(one)}{sunset}"
        for caller in one["callers"]:
            there = "still there" if caller["still_there"] else "has left"
            told = caller["notices"]
            last = f", told {told[0]['at']}" if told else ""
            yield f"  {caller['service']}  {caller['calls']:,} calls, last {caller['last_call']}, {there}{last}"


def _standing(one: Mapping[str, Any]) -> str:
    if one["incident"]:
        return "retired, still called"
    if one["late"]:
        return "past its sunset, still called"
    return "quiet, can be retired" if one["ready_to_retire"] else str(one["lifecycle"])


def notify(client: ServerClient, api: str, version: str, callers: Sequence[str]) -> Iterator[str]:
    """A line for everybody who was told. Raises ``UserError``."""
    path = f"/api/v1/apis/{quote(api, safe='')}/versions/{quote(version, safe='')}/notices"
    body = json.dumps({"callers": list(callers)}).encode()
    answer = client.send("POST", path, content=body, headers=_JSON).json()
    for one in answer["given"]:
        teams = f" of {', '.join(one['teams'])}" if one["teams"] else ", which belongs to nobody's system,"
        yield (
            f"{one['caller']}{teams} was told by {', '.join(one['webhooks'])}"
            if one["webhooks"]
            else f"{one['caller']}{teams} was told by no webhook: nobody was reached"
        )
    for caller in answer["told_earlier_today"]:
        yield f"{caller} was told earlier today"
    if not answer["given"] and not answer["told_earlier_today"]:
        yield "nobody is there any more"


def incidents(client: ServerClient, state: str | None, api: str | None, output: Output) -> Iterator[str]:
    """A line for each. Raises ``UserError``."""
    return lines(items(client, _INCIDENTS, {"state": state, "api": api}), output, _incident)


def decide(client: ServerClient, ident: str, how: str, body: Mapping[str, Any]) -> str:
    """Acknowledge or resolve; how it stands then. Raises ``UserError``."""
    path = f"{_INCIDENTS}/{quote(ident, safe='')}/{how}"
    return _incident(client.send("POST", path, content=json.dumps(body).encode(), headers=_JSON).json())


def _incident(one: Mapping[str, Any]) -> str:
    said = f": {one['comment']}" if one["comment"] else ""
    operation = f" {one['operation']}" if one["operation"] else ""
    return (
        f"{one['id']}  {one['state']}  {one['api']} {one['version'] or '(version not told)'}{operation}  {one['caller']}  "
        f"{one['calls']:,} calls since {one['retired_at'][:10]}, last {one['last_call']}{said}"
    )
