"""``controlplane correct``: corrections by REST."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

import typer

from controlplane.cli.client import ServerClient


def say(client: ServerClient, workflow: str, said: Mapping[str, str]) -> None:
    """Put it right and print the correction's id; say so if what it takes apart is one object all the same."""
    body = json.dumps(said, ensure_ascii=False).encode()
    answer = client.send("POST", _path(workflow), content=body, headers={"Content-Type": "application/json"})
    made = answer.json()
    typer.echo(made["id"])
    if chain := made.get("joined_by"):
        typer.echo(
            f"{made['key']} and {made['other']} are one object all the same, joined by {' - '.join(chain)}; say which of "
            "these stand apart, too",
            err=True,
        )


def show(client: ServerClient, workflow: str) -> None:
    """Print what stands, one a line, the oldest first."""
    cursor: str | None = None
    while True:
        params = {"limit": "500"} | ({"cursor": cursor} if cursor else {})
        page = client.send("GET", _path(workflow), params=params).json()
        for one in page["items"]:
            told = f"{one['action']:5}  {one['key']}  {one['other']}"
            typer.echo(f"{one['id']}  {told}  ({one['created_by']}, {one['created_at'][:16]}: {one['reason']})")
        cursor = page["next_cursor"]
        if cursor is None:
            return


def take_back(client: ServerClient, workflow: str, ident: str) -> None:
    """Take it back."""
    client.send("DELETE", f"{_path(workflow)}/{quote(ident, safe='')}")
    typer.echo(f"took back {ident}", err=True)


def _path(workflow: str) -> str:
    return f"/api/v1/workflows/{quote(workflow, safe='')}/corrections"
