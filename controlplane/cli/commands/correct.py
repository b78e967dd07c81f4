"""``controlplane correct``: which ids are one object, and which are not."""

from typing import Annotated, Literal

import typer

_WORKFLOW = typer.Argument(help="The workflow's name.")
_KEY = typer.Argument(help="TYPE:VALUE, such as invoice.number:INV-1.")
_REASON = typer.Option(help="Why; the page and the audit log show it.")
_SERVER = typer.Option(help="The server; default CONTROLPLANE_SERVER.")
_TOKEN = typer.Option(help="The token; default CONTROLPLANE_TOKEN.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Put right which ids of a workflow are one object.", no_args_is_help=True)
    group.command("same")(same)
    group.command("apart")(apart)
    group.command("list")(list_corrections)
    group.command("take-back")(take_back)
    app.add_typer(group, name="correct")


def same(
    workflow: Annotated[str, _WORKFLOW],
    key: Annotated[str, _KEY],
    other: Annotated[str, _KEY],
    *,
    reason: Annotated[str, _REASON],
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Say that two ids are one object, though no event does."""
    _say("same", workflow, key, other, reason, server, token)


def apart(
    workflow: Annotated[str, _WORKFLOW],
    key: Annotated[str, _KEY],
    other: Annotated[str, _KEY],
    *,
    reason: Annotated[str, _REASON],
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Say that an event which names both is the first one's alone."""
    _say("apart", workflow, key, other, reason, server, token)


def list_corrections(
    workflow: Annotated[str, _WORKFLOW],
    *,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """List what stands, one a line."""
    # Imported here, and below, so that offline commands start quickly.
    from controlplane.cli import correcting  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    correcting.show(ServerClient(server, token), workflow)


def take_back(
    workflow: Annotated[str, _WORKFLOW],
    correction: Annotated[str, typer.Argument(help="Its id, as list shows it.")],
    *,
    server: Annotated[str | None, _SERVER] = None,
    token: Annotated[str | None, _TOKEN] = None,
) -> None:
    """Take a correction back; what events say counts again."""
    from controlplane.cli import correcting  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    correcting.take_back(ServerClient(server, token), workflow, correction)


def _say(
    action: Literal["same", "apart"],
    workflow: str,
    key: str,
    other: str,
    reason: str,
    server: str | None,
    token: str | None,
) -> None:
    from controlplane.cli import correcting  # noqa: PLC0415
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    correcting.say(
        ServerClient(server, token), workflow, {"action": action, "key": key, "other": other, "reason": reason}
    )
