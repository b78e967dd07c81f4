"""Filters of a list as a command takes them: ``--where NAME=VALUE``. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from controlplane.cli.errors import UserError

HELP = "NAME=VALUE: a filter of the list, such as from=2026-05-01, missing=posted or entity=DE01; may be repeated."


def pairs(where: Sequence[str] | None) -> list[tuple[str, str]]:
    """The filters as the server takes them. Raises ``UserError`` for what is not NAME=VALUE."""
    parts = [text.partition("=") for text in where or ()]
    for name, equals, _ in parts:
        if not (name and equals):
            raise UserError(f"--where {name!r} must be NAME=VALUE, such as entity=DE01")
    return [(name, value) for name, _, value in parts]
