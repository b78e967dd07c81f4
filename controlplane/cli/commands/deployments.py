"""``controlplane deployment`` and ``can-i-deploy``: what runs where, and what may join it."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import quote

import typer

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_USED = typer.Option(help="SUBJECT@VERSION of a schema; may be given again.")
_DEPLOY = typer.Argument(help="APPLICATION@VERSION; several are deployed at once.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("can-i-deploy")(can_i_deploy)
    group = typer.Typer(help="Record versions of applications and where they run.", no_args_is_help=True)
    group.command("version")(version)
    group.command("record")(record)
    group.command("withdraw")(withdraw)
    group.command("list")(list_deployments)
    app.add_typer(group, name="deployment")


def can_i_deploy(
    deploy: Annotated[list[str], _DEPLOY],
    *,
    environment: Annotated[str, typer.Option("--to", help="The environment, such as production.")],
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print.")] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Ask whether versions may go to an environment; exit 0 if they may, 1 if not, 2 if it can't be said."""
    # Imported here, and in the other commands, so that offline commands start quickly.
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    params = [("environment", environment), *(("deploy", one) for one in deploy)]
    found = ServerClient(server, token).send("GET", "/api/v1/can-i-deploy", params=params).json()
    if output == "json":
        typer.echo(json.dumps(found))
    else:
        for pair in found["pairs"]:
            typer.echo(f"{'no ' if pair['against'] else 'yes'}  {pair['sentence']}")
        typer.echo(found["sentence"])
    raise typer.Exit(0 if found["deployable"] else 1)


def version(
    application: Annotated[str, typer.Argument(help="APPLICATION@VERSION.")],
    *,
    provides: Annotated[list[str] | None, _USED] = None,
    consumes: Annotated[list[str] | None, _USED] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Record what a version of an application provides to others and what it was built with."""
    name, number = _split(application)
    contract = {"provides": _used(provides), "consumes": _used(consumes)}
    path = f"/api/v1/applications/{quote(name, safe='')}/versions/{quote(number, safe='')}"
    _send("PUT", path, contract, server, token)
    typer.echo(f"{name} {number} is recorded")


def record(
    application: Annotated[str, typer.Argument(help="APPLICATION@VERSION.")],
    *,
    environment: Annotated[str, typer.Option("--to", help="The environment, such as production.")],
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Record that a version runs in an environment, in place of the one before it."""
    name, number = _split(application)
    told = {"environment": environment, "application": name, "version": number}
    _send("POST", "/api/v1/deployments", told, server, token)
    typer.echo(f"{name} {number} runs in {environment}")


def withdraw(
    application: Annotated[str, typer.Argument(help="The application's name.")],
    *,
    environment: Annotated[str, typer.Option("--from", help="The environment, such as production.")],
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Record that an application no longer runs in an environment."""
    path = f"/api/v1/deployments/{quote(environment, safe='')}/{quote(application, safe='')}"
    _send("DELETE", path, None, server, token)
    typer.echo(f"{application} no longer runs in {environment}")


def list_deployments(
    *,
    environment: Annotated[str | None, typer.Option("--in", help="One environment only.")] = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print.")] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List what runs where."""
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    params = {"environment": environment} if environment else None
    found: list[dict[str, Any]] = ServerClient(server, token).send("GET", "/api/v1/deployments", params=params).json()
    if output == "json":
        typer.echo(json.dumps(found))
        return
    for one in found:
        typer.echo(f"{one['environment']}  {one['application']} {one['version']}  since {one['at']} by {one['by']}")


def _send(method: str, path: str, told: object, server: str | None, token: str | None) -> None:
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    content = None if told is None else json.dumps(told).encode()
    ServerClient(server, token).send(method, path, content=content, headers={"Content-Type": "application/json"})


def _split(text: str) -> tuple[str, str]:
    from controlplane.cli.errors import UserError  # noqa: PLC0415

    name, mark, number = text.partition("@")
    if not (name and mark and number):
        raise UserError(f"write NAME@VERSION instead of {text!r}")
    return name, number


def _used(texts: list[str] | None) -> list[dict[str, object]]:
    from controlplane.cli.errors import UserError  # noqa: PLC0415

    found: list[dict[str, object]] = []
    for text in texts or []:
        subject, number = _split(text)
        if not number.isdecimal():
            raise UserError(f"the version of a schema is a number from 1; {text!r} has none")
        found.append({"subject": subject, "version": int(number)})
    return found
