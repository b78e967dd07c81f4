"""``controlplane export``: the catalogue as manifests."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    *,
    kind: Annotated[str | None, typer.Option(help="One kind only, such as Workflow.")] = None,
    output: Annotated[Path | None, typer.Option(help="A folder to write a file per manifest into.")] = None,
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Write the catalogue as YAML that apply takes."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import exporting  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    exporting.export(ServerClient(server, token), kind=kind, output=output)
