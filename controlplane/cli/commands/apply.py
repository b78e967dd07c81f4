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
    reason: Annotated[str | None, typer.Option(help="Why, for the audit log.")] = None,
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Apply manifests, all or nothing."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import applying  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    applying.apply(files, ServerClient(server, token), dry_run=dry_run, reason=reason)
