"""``controlplane waiver``: ask to let findings pass, and decide."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_OUTPUT = typer.Option(help="How to print; json: one a line.")
_NAME = typer.Argument(help="The waiver's name, as list shows it.")
_COMMENT = typer.Option(help="Why; the page and the audit log show it.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Let findings pass until a day, by two people.", no_args_is_help=True)
    group.command("request")(request)
    group.command("list")(list_waivers)
    group.command("approve")(approve)
    group.command("refuse")(refuse)
    group.command("withdraw")(withdraw)
    app.add_typer(group, name="waiver")


def request(
    subject: Annotated[str, typer.Argument(help="The schema, API or mapping.")],
    fingerprint: Annotated[
        list[str], typer.Argument(help="The findings' fingerprints, as the gate's answer has them.")
    ],
    *,
    reason: Annotated[str, typer.Option(help="Why it may pass.")],
    expires: Annotated[str, typer.Option(metavar="DATE", help="The last day on which it counts.")],
    ticket: Annotated[str | None, typer.Option(help="Where it is talked about.")] = None,
    name: Annotated[str | None, typer.Option(help="Its name; by default made of subject and findings.")] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Ask for a waiver. What would be denied passes once somebody else approves it."""
    # Imported here, and below, so that offline commands start quickly.
    from controlplane.cli import waivers  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    wish = {
        "name": name,
        "subject": subject,
        "fingerprints": fingerprint,
        "reason": reason,
        "expires": expires,
        "ticket": ticket,
    }
    typer.echo(waivers.request(ServerClient(server, token), wish))


def list_waivers(
    *,
    subject: Annotated[str | None, typer.Option(help="Only those of this schema, API or mapping.")] = None,
    state: Annotated[str | None, typer.Option(help="requested, approved, refused, withdrawn or expired.")] = None,
    output: Annotated[Literal["text", "json"], _OUTPUT] = "text",
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List waivers, what waits first, then what ends soonest."""
    from controlplane.cli import waivers  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in waivers.listed(ServerClient(server, token), subject, state, output):
        typer.echo(line)


def approve(
    name: Annotated[str, _NAME],
    *,
    comment: Annotated[str | None, _COMMENT] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Agree to a waiver that somebody else asked for."""
    _decide(name, "approval", comment, server, token)


def refuse(
    name: Annotated[str, _NAME],
    *,
    comment: Annotated[str | None, _COMMENT] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Say no to a waiver."""
    _decide(name, "refusal", comment, server, token)


def withdraw(
    name: Annotated[str, _NAME],
    *,
    comment: Annotated[str | None, _COMMENT] = None,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """End a waiver before its day."""
    _decide(name, "withdrawal", comment, server, token)


def _decide(name: str, how: str, comment: str | None, server: str | None, token: str | None) -> None:
    from controlplane.cli import waivers  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    typer.echo(waivers.decide(ServerClient(server, token), name, how, comment))
