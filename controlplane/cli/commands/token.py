"""``controlplane token``: tokens for programs, links for people."""

from typing import Annotated

import typer

_NAME = typer.Option(help="Who uses it; the audit log shows this name.")
_ROLE = typer.Option(help="admin, architect, finance, operator, ci, viewer or collector.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Make, list and revoke tokens in the configured database.", no_args_is_help=True)
    for command in (create, link, list_tokens, revoke):
        group.command(command.__name__.removesuffix("_tokens"))(command)
    app.add_typer(group, name="token")


def create(
    name: Annotated[str, _NAME],
    role: Annotated[str, _ROLE],
    expires: Annotated[str | None, typer.Option(help="How long it is valid, such as P90D; default for good.")] = None,
) -> None:
    """Make a token and print it, this once."""
    # Imported here, and in the other commands, so that offline commands start quickly.
    from controlplane.cli import keys  # noqa: PLC0415

    keys.create(name, role, expires)


def link(name: Annotated[str, _NAME], role: Annotated[str, _ROLE]) -> None:
    """Make a link that signs one person in, once, within the hour."""
    from controlplane.cli import keys  # noqa: PLC0415

    keys.link(name, role)


def list_tokens() -> None:
    """List all tokens without their secrets."""
    from controlplane.cli import keys  # noqa: PLC0415

    keys.show()


def revoke(token_id: Annotated[str, typer.Argument(help="The token's id, as list shows it.")]) -> None:
    """Make a token worthless at once."""
    from controlplane.cli import keys  # noqa: PLC0415

    keys.revoke(token_id)
