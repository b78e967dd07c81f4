"""``controlplane apply``: manifests to the server."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(apply)


def apply(
    files: Annotated[
        list[Path],
        typer.Option("-f", "--file", help="A file, a folder (read whole) or - for standard input; may be repeated."),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and store nothing.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what the files don't have, within --kind, --owner and --label.")
    ] = False,
    kind: Annotated[list[str] | None, typer.Option(help="With --prune: of this kind; may be repeated.")] = None,
    owner: Annotated[list[str] | None, typer.Option(help="With --prune: of this owner; may be repeated.")] = None,
    label: Annotated[list[str] | None, typer.Option(help="With --prune: with this label, NAME=VALUE.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit log.")] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until changed workflows have read history and answer.")
    ] = False,
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Show what would change, then apply it, all or nothing."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import applying  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    scope = applying.Prune(kind or (), owner or (), label or (), agreed=yes)
    if prune != bool(scope.query):
        raise typer.BadParameter("--prune goes with at least one of --kind, --owner and --label, and they with it")
    applying.apply(files, ServerClient(server, token), scope, dry_run=dry_run, reason=reason, wait=wait)
