"""``controlplane import``: catalogues of other tools to manifests."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Turn other tools' catalogues into manifests, without a server.", no_args_is_help=True)
    group.command()(backstage)
    app.add_typer(group, name="import")


def backstage(
    paths: Annotated[
        list[Path], typer.Argument(help="catalog-info.yaml files, or folders that are searched for them.")
    ],
    *,
    output: Annotated[Path | None, typer.Option(help="A folder to write a file per manifest into.")] = None,
) -> None:
    """Turn Backstage's catalogue files into manifests for apply; what has no counterpart is told on standard error."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import backstage as door  # noqa: PLC0415

    door.read(paths, output)
