"""``controlplane retention``: how long history is kept, and what is over."""

import json
from typing import Annotated, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(retention)


def retention(
    *,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print.")] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Say how long the server keeps history, what the next clean-up would remove, and what the last one did."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    found = ServerClient(server, token).send("GET", "/api/v1/retention").json()
    if output == "json":
        typer.echo(json.dumps(found))
    elif found["days"] is None:
        typer.echo("everything is kept; CONTROLPLANE_RETENTION_DAYS would change that")
    else:
        over, last = found["over"], found["last_removed"]
        typer.echo(f"kept for {found['days']} days after an instance has ended")
        typer.echo(f"over now: {over['instances']:,} instances and {over['spans']:,} spans")
        if last is not None:
            at = found["last_run_at"]
            typer.echo(f"last clean-up {at}: {last['instances']:,} instances and {last['spans']:,} spans removed")
