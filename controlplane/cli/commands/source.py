"""``controlplane source``: the secrets of event sources."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Set the secrets by which events are known to be a system's own.", no_args_is_help=True)
    group.command()(secret)
    app.add_typer(group, name="source")


def secret(
    name: Annotated[str, typer.Argument(help="The Source, by its name.")],
    *,
    forget: Annotated[bool, typer.Option("--forget", help="Forget the secret that was set.")] = False,
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """Read a secret from standard input (or ask for it, unseen) and have the server keep it sealed."""
    # Imported here so that offline commands start quickly.
    import json  # noqa: PLC0415
    import sys  # noqa: PLC0415
    from urllib.parse import quote  # noqa: PLC0415

    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    client = ServerClient(server, token)
    path = f"/api/v1/sources/{quote(name, safe='')}/secret"
    if forget:
        client.send("DELETE", path)
        typer.echo(f"forgot the secret of {name}")
        return
    text = typer.prompt("Secret", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.read().strip("\r\n")
    body = json.dumps({"secret": text}).encode()
    client.send("PUT", path, content=body, headers={"Content-Type": "application/json"})
    typer.echo(f"set the secret of {name}")
