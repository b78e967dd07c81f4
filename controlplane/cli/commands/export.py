"""``controlplane export``: the catalogue as manifests."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    *,
    kind: Annotated[str | None, typer.Option(help="One kind only, such as Workflow.")] = None,
    form: Annotated[
        Literal["manifests", "backstage"], typer.Option("--format", help="What to write; backstage: catalog-info.yaml.")
    ] = "manifests",
    output: Annotated[Path | None, typer.Option(help="A folder to write a file per manifest into.")] = None,
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Write the catalogue as YAML that apply takes."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import exporting  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    client = ServerClient(server, token)
    if form == "manifests":
        exporting.export(client, kind=kind, output=output)
        return
    from controlplane.cli import backstage  # noqa: PLC0415

    answer = client.send("GET", "/api/v1/export", params=[("kind", kind)] if kind else [])
    text = backstage.written(answer.content)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.mkdir(parents=True, exist_ok=True)
        (output / "catalog-info.yaml").write_text(text, encoding="utf-8")
