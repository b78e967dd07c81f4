"""``controlplane search``: any id of any system."""

from typing import Annotated, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(search)


def search(
    text: Annotated[
        str, typer.Argument(help="An id or a part of one, an address that holds it, a trace's or span's id.")
    ],
    *,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 20,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print; json: one timeline a line.")] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Find the timelines that a text leads to; exit code 1 if there is none."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import objects  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    found = objects.found(ServerClient(server, token), text, limit)
    for line in objects.lines(found, output):
        typer.echo(line)
    if not found:
        raise typer.Exit(1)
