"""``controlplane incident``: who calls what is retired, and what is done about it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_OUTPUT = typer.Option(help="How to print; json: one a line.")
_ID = typer.Argument(metavar="ID", help="The incident's id, as list shows it.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Calls of versions that are retired.", no_args_is_help=True)
    group.command("list")(list_incidents)
    group.command("acknowledge")(acknowledge)
    group.command("resolve")(resolve)
    app.add_typer(group, name="incident")


def list_incidents(
    *,
    state: Annotated[str | None, typer.Option(help="open, acknowledged, resolved or closed.")] = None,
    api: Annotated[str | None, typer.Option(help="Only those of this API.")] = None,
    output: Annotated[Literal["text", "json"], _OUTPUT] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List incidents, the open ones first."""
    # Imported here, and below, so that offline commands start quickly.
    from controlplane.cli import lifecycle  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in lifecycle.incidents(ServerClient(server, token), state, api, output):
        typer.echo(line)


def acknowledge(
    ident: Annotated[str, _ID],
    *,
    comment: Annotated[str | None, typer.Option(help="What is known of it.")] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Say that somebody looks after it."""
    from controlplane.cli import lifecycle  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    typer.echo(lifecycle.decide(ServerClient(server, token), ident, "acknowledgement", {"comment": comment}))


def resolve(
    ident: Annotated[str, _ID],
    *,
    reason: Annotated[str, typer.Option(help="Why it is over; a call after this brings it back.")],
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Say that it is over, and why."""
    from controlplane.cli import lifecycle  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    typer.echo(lifecycle.decide(ServerClient(server, token), ident, "resolution", {"reason": reason}))
