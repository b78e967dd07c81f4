"""``controlplane export-ocel``: a workflow's instances as an event log for process mining."""

from pathlib import Path
from typing import Annotated

import typer

from controlplane.cli.conditions import HELP


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="export-ocel")(export_ocel)


def export_ocel(
    workflow: Annotated[str, typer.Argument(help="The workflow's name.")],
    *,
    output: Annotated[Path, typer.Option(help="The file to write.")],
    where: Annotated[list[str] | None, typer.Option(help=HELP)] = None,
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Write instances as an object-centric event log (OCEL 2.0, JSON), which PM4Py and others read."""
    # Imported here so that offline commands start quickly.
    from urllib.parse import quote  # noqa: PLC0415

    from controlplane.cli import conditions  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    address = f"/api/v1/workflows/{quote(workflow, safe='')}/ocel.json"
    size = ServerClient(server, token).save(address, output, params=conditions.pairs(where))
    typer.echo(f"{output}: {size:,} bytes")
