"""``controlplane map`` against a server, and how what came of a payload is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import typer

from controlplane.cli.client import ServerClient
from controlplane.cli.errors import UserError
from registry.mappings.exact_json import PayloadError, read_payload, write_exact
from registry.nearest import did_you_mean

OUTPUTS = ("text", "json")


def check_output(output: str) -> None:
    """Raise ``UserError`` for a form that there is not."""
    if output not in OUTPUTS:
        raise UserError(f'--output: there is no "{output}"{did_you_mean(output, OUTPUTS)}; there are text and json')


def ask(client: ServerClient, name: str, text: str, *, back: bool) -> Mapping[str, Any]:
    """What the server makes of a payload. Raises ``UserError``."""
    answer = client.send(
        "POST",
        f"/api/v1/mappings/{quote(name, safe='')}/try",
        params={"back": "true"} if back else {},
        content=text.encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        told = read_payload(answer.text)
    except PayloadError as error:
        raise UserError(f"{client.server} answered in a way that is not a control plane's: {error}") from None
    if not isinstance(told, dict) or not told.keys() >= {"ok", "result", "problems", "violations"}:
        raise UserError(f"{client.server} answered in a way that is not a control plane's")
    return told


def tell(told: Mapping[str, Any], output: str) -> str:
    """As text: the result, then what went wrong; as JSON: all of it."""
    check_output(output)
    if output == "json":
        return write_exact(dict(told), 2)
    return "\n".join([write_exact(told["result"], 2), *_ending(told)])


def _ending(told: Mapping[str, Any]) -> Iterator[str]:
    for one in told["payload_violations"]:
        yield f"note: the payload is not what its own schema says: {one['path'] or 'the whole'}: {one['message']}"
    for one in told["problems"]:
        yield f"not filled: {one['to']}" + (f" (from {one['from']})" if one["from"] else "") + f": {one['message']}"
    for one in told["violations"]:
        yield f"not valid: {one['path'] or 'the whole'}: {one['message']}"
    if told["ok"]:
        yield f"valid: {len(told['provenance'])} values"


def show(client: ServerClient) -> None:
    """Print every mapping, one a line."""
    cursor: str | None = None
    while True:
        params = {"limit": "500"} | ({"cursor": cursor} if cursor else {})
        page = client.send("GET", "/api/v1/mappings", params=params).json()
        for one in page["items"]:
            typer.echo(line(one))
        cursor = page["next_cursor"]
        if cursor is None:
            return


def line(one: Mapping[str, Any]) -> str:
    """A mapping in a line."""
    covered = one["coverage"]
    told = (
        f"required {covered['required_filled']}/{covered['required']}, all {covered['filled']}/{covered['total']}"
        if covered
        else "can't be read against its schemas"
    )
    found = ", ".join(
        f"{number} {level}{'s' if number > 1 else ''}" for level, number in one["findings"].items() if number
    )
    return f"{one['name']}  {one['source']} -> {one['target']}  {told}" + (f"  ({found})" if found else "")


def as_json(value: Any) -> str:
    """Plain values as JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)
