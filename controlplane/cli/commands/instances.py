"""``controlplane instances``: a workflow's objects, with the filters of the list."""

from typing import Annotated, Literal

import typer

from controlplane.cli.conditions import HELP


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(instances)


def instances(
    workflow: Annotated[str, typer.Argument(help="The workflow's name.")],
    *,
    where: Annotated[list[str] | None, typer.Option(help=HELP)] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many; csv always has all.")] = 50,
    output: Annotated[
        Literal["text", "json", "csv"], typer.Option(help="How to print; json: one timeline a line.")
    ] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """List what fits all filters, those that began last first unless --where sort= says otherwise."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli import conditions, objects  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    client, asked = ServerClient(server, token), conditions.pairs(where)
    if output == "csv":
        for piece in objects.as_csv(client, workflow, asked):
            typer.echo(piece, nl=False)
        return
    for line in objects.lines(objects.listed(client, workflow, asked, limit), output):
        typer.echo(line)
