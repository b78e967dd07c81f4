"""``controlplane review``: propose a version of a schema, discuss it, decide, publish."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from controlplane.cli.errors import UserError

_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")
_OUTPUT = typer.Option(help="How to print; json: one a line.")
_NUMBER = typer.Argument(help="The review's number, as list shows it.", min=1)
_REVISION = typer.Option(help="The revision that you looked at; by default the present one.")
_TEAM = typer.Option(help="For which team; by default for all of your own that are asked.")
_FILE = typer.Argument(help="The document ('-' for stdin).")
Number = Annotated[int, _NUMBER]
Server = Annotated[str | None, _SERVER]
Token = Annotated[str | None, _TOKEN]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Review proposed versions of schemas with the owners of what they hurt.", no_args_is_help=True
    )
    group.command("open")(open_review)
    group.command("list")(list_reviews)
    group.command("show")(show)
    group.command("comment")(comment)
    group.command("approve")(approve)
    group.command("refuse")(refuse)
    group.command("take-back")(take_back)
    group.command("revise")(revise)
    group.command("publish")(publish)
    group.command("withdraw")(withdraw)
    app.add_typer(group, name="review")


def open_review(
    subject: Annotated[str, typer.Argument(help="The name of the schema.")],
    file: Annotated[str | None, _FILE] = None,
    *,
    title: Annotated[str, typer.Option(help="What changes, in a line.")],
    why: Annotated[str, typer.Option(help="Why.")] = "",
    due: Annotated[str | None, typer.Option(metavar="DATE", help="To be decided by; default in a week.")] = None,
    version: Annotated[int | None, typer.Option(help="Propose this registered version, such as a draft.")] = None,
    evaluation: Annotated[str | None, typer.Option(help="Propose what the gate was asked about.")] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Propose a document in place of the one in force."""
    # Imported here, and below, so that offline commands start quickly.
    from controlplane.cli.files import read_text  # noqa: PLC0415

    if sum(one is not None for one in (file, version, evaluation)) != 1:
        raise UserError("say what is proposed: one of FILE, --version and --evaluation")
    body = {"subject": subject, "title": title, "why": why, "due": due, "version": version, "evaluation": evaluation}
    _change("POST", "", body | {"document": read_text(file) if file is not None else None}, server, token)


def list_reviews(
    *,
    state: Annotated[
        str | None, typer.Option(help="open, approved, refused, superseded, published or withdrawn.")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="Only those of this schema.")] = None,
    mine: Annotated[
        str | None, typer.Option(help="waiting: those that wait for your word; proposed: those that you proposed.")
    ] = None,
    due: Annotated[str | None, typer.Option(help="overdue, or soon: within three days.")] = None,
    output: Annotated[Literal["text", "json"], _OUTPUT] = "text",
    server: Server = None,
    token: Token = None,
) -> None:
    """List reviews, what is due first coming first."""
    from controlplane.cli import reviews  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    wanted = {"state": state, "subject": subject, "mine": mine, "due": due}
    for line in reviews.listed(ServerClient(server, token), wanted, output):
        typer.echo(line)


def show(number: Number, *, server: Server = None, token: Token = None) -> None:
    """Show what it changes, whom it touches, whose word it needs and what was said."""
    from controlplane.cli import reviews  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    for line in reviews.shown(reviews.one(ServerClient(server, token), number)):
        typer.echo(line)


def comment(
    number: Number,
    text: Annotated[str, typer.Argument(help="What you say.")],
    *,
    server: Server = None,
    token: Token = None,
) -> None:
    """Say something about it."""
    _change("POST", f"/{number}/comments", {"text": text}, server, token)


def approve(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why; needed to stand in for a team.")] = "",
    team: Annotated[str | None, _TEAM] = None,
    revision: Annotated[int | None, _REVISION] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Agree, for your own teams or in the place of one."""
    _vote(number, {"decision": "approve", "reason": reason, "team": team}, revision, server, token)


def refuse(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="What must change.")],
    team: Annotated[str | None, _TEAM] = None,
    revision: Annotated[int | None, _REVISION] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Say no: it is not published until you take that back or the document changes."""
    _vote(number, {"decision": "refuse", "reason": reason, "team": team}, revision, server, token)


def take_back(
    number: Number,
    *,
    team: Annotated[str | None, _TEAM] = None,
    revision: Annotated[int | None, _REVISION] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Take your word back."""
    _vote(number, {"decision": "take-back", "team": team}, revision, server, token)


def revise(
    number: Number,
    file: Annotated[str, _FILE],
    *,
    note: Annotated[str, typer.Option(help="What is different now.")] = "",
    revision: Annotated[int | None, _REVISION] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Propose another document in its place; votes start anew."""
    from controlplane.cli.files import read_text  # noqa: PLC0415

    body = {"document": read_text(file), "note": note}
    _seen("/revisions", number, body, revision, server, token)


def publish(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    revision: Annotated[int | None, _REVISION] = None,
    server: Server = None,
    token: Token = None,
) -> None:
    """Bring an approved document into force."""
    _seen("/publication", number, {"reason": reason}, revision, server, token)


def withdraw(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    server: Server = None,
    token: Token = None,
) -> None:
    """End it without publication."""
    _change("POST", f"/{number}/withdrawal", {"reason": reason}, server, token)


def _vote(number: int, body: dict[str, Any], revision: int | None, server: str | None, token: str | None) -> None:
    _seen("/votes", number, body, revision, server, token)


def _seen(
    what: str, number: int, body: dict[str, Any], revision: int | None, server: str | None, token: str | None
) -> None:
    """Send a change of the revision that was looked at, or else of the present one."""
    from controlplane.cli import reviews  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    if revision is None:
        revision = int(reviews.one(ServerClient(server, token), number)["revision"])
    _change("POST", f"/{number}{what}", body | {"revision": revision}, server, token)


def _change(method: str, path: str, body: dict[str, Any], server: str | None, token: str | None) -> None:
    from controlplane.cli import reviews  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    typer.echo(reviews.change(ServerClient(server, token), method, path, body))
