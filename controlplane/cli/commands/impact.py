"""``controlplane impact``: what depends on a thing or a field of a schema."""

import json
from typing import Annotated, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("impact")(impact)


def impact(
    of: Annotated[str, typer.Argument(help="KIND:NAME, such as Schema:netsuite-invoice.")],
    *,
    path: Annotated[
        str | None,
        typer.Option(help="A field of a schema: a JSON Pointer into it, or a path of its documents."),
    ] = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print.")] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """List what depends on something, nearest first: why, how many steps away, and how that is known."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    params = {"of": of} | ({"path": path} if path else {})
    found = ServerClient(server, token).send("GET", "/api/v1/impact", params=params).json()
    if output == "json":
        typer.echo(json.dumps(found))
        return
    for one in found["items"]:
        steps = "1 step" if one["hops"] == 1 else f"{one['hops']} steps"
        on = "" if one["hops"] == 1 else f" ({one['on']['kind']} {one['on']['name']})"
        typer.echo(f"{one['kind']} {one['name']}  {one['why']}{on}  [{one['provenance']}, {steps}]")
    if not found["items"]:
        typer.echo("nothing that is known depends on it")
    for note in found["notes"]:
        typer.echo(note, err=True)
