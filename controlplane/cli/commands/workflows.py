"""``controlplane workflows``: what is followed, and how far changed definitions have read history."""

from typing import Annotated, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(workflows)


def workflows(
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until no reading is being built.")] = False,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print.")] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """List workflows, by which definition each answers, and how far a new one has read history."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import reading_progress  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    client = ServerClient(server, token)
    found = reading_progress.wait(client) if wait else reading_progress.ask(client)
    for line in reading_progress.lines(found, output):
        typer.echo(line)
