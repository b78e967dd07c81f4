"""``controlplane lifecycle``: versions that end, who still calls them, and telling those."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Versions of APIs that end, and who still calls them.", no_args_is_help=True)
    group.command("list")(list_endings)
    group.command("notify")(notify)
    app.add_typer(group, name="lifecycle")


def list_endings(
    *,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print; json: one a line.")] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List versions that end with their callers, worst first."""
    # Imported here, and below, so that offline commands start quickly.
    from controlplane.cli import lifecycle  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in lifecycle.endings(ServerClient(server, token), output):
        typer.echo(line)


def notify(
    api: Annotated[str, typer.Argument(help="The API, by its name.")],
    version: Annotated[str, typer.Argument(help="The version that ends.")],
    *,
    caller: Annotated[list[str] | None, typer.Option(help="Only this caller; may be given several times.")] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Tell those who still call a version that it ends, by webhooks; nobody twice on one day."""
    from controlplane.cli import lifecycle  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in lifecycle.notify(ServerClient(server, token), api, version, caller or []):
        typer.echo(line)
