"""``controlplane webhook``: how webhooks stand, their secrets, trying them out."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_OUTPUT = typer.Option(help="How to print; json: one a line.")
_NAME = typer.Argument(help="The Webhook, by its name.")
_REASON = typer.Option(help="Why; the audit log shows it.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Tell others what happens here, by signed CloudEvents.", no_args_is_help=True)
    group.command("list")(list_webhooks)
    group.command("deliveries")(deliveries)
    group.command("test")(send_test)
    group.command("secret")(secret)
    group.command("pause")(pause)
    group.command("resume")(resume)
    group.command("skip")(skip)
    app.add_typer(group, name="webhook")


def list_webhooks(
    *,
    output: Annotated[Literal["text", "json"], _OUTPUT] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List webhooks and how they stand."""
    # Imported here, and below, so that offline commands start quickly.
    from controlplane.cli import webhooks  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in webhooks.listed(ServerClient(server, token), output):
        typer.echo(line)


def deliveries(
    name: Annotated[str, _NAME],
    *,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 20,
    output: Annotated[Literal["text", "json"], _OUTPUT] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """What became of events, the last tried first."""
    from controlplane.cli import webhooks  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in webhooks.deliveries(ServerClient(server, token), name, limit, output):
        typer.echo(line)


def send_test(
    name: Annotated[str, _NAME],
    *,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Send a test event now; exit code 1 if it was not taken."""
    from controlplane.cli import webhooks  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    line, taken = webhooks.test(ServerClient(server, token), name)
    typer.echo(line)
    if not taken:
        raise typer.Exit(1)


def secret(
    name: Annotated[str, _NAME],
    *,
    new: Annotated[bool, typer.Option("--new", help="Have the server make one, and print it this once.")] = False,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Read a secret from standard input (or ask for it, unseen), or make one; the server keeps it sealed."""
    import sys  # noqa: PLC0415

    from controlplane.cli import webhooks  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    client = ServerClient(server, token)
    if new:
        typer.echo(webhooks.make_secret(client, name))
        return
    text = typer.prompt("Secret", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.read().strip()
    webhooks.set_secret(client, name, text)
    typer.echo(f"set the secret of {name}")


def pause(
    name: Annotated[str, _NAME],
    *,
    reason: Annotated[str | None, _REASON] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    _steer(name, "pause", reason, server, token)


def resume(
    name: Annotated[str, _NAME],
    *,
    reason: Annotated[str | None, _REASON] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Send what has waited, in order."""
    _steer(name, "resume", reason, server, token)


def skip(
    name: Annotated[str, _NAME],
    *,
    reason: Annotated[str | None, _REASON] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Pass over the event that is not taken."""
    _steer(name, "skip", reason, server, token)


def _steer(name: str, how: str, reason: str | None, server: str | None, token: str | None) -> None:
    from controlplane.cli import webhooks  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    typer.echo(webhooks.steer(ServerClient(server, token), name, how, reason))
