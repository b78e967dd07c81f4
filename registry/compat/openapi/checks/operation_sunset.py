"""Sunset dates of deprecated operations that moved."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context, stability
from registry.compat.openapi.notice import sunset_move
from registry.compat.openapi.rules import BREAKING, NEITHER, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "sunset-deleted",
        why="callers cannot tell how long it stays",
        migrate="Keep the date that was announced.",
    ),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-sunset-date-changed-too-small",
        why="callers were promised it for longer",
        migrate="Keep the date that was announced, or choose a later one.",
    ),
)
_IDS = {
    "deleted": "sunset-deleted",
    "parse": "api-deprecated-sunset-parse",
    "too-small": "api-sunset-date-changed-too-small",
}
EXAMPLES = {
    "sunset-deleted": ("{deprecated: true, x-sunset: 2999-12-31}", "{deprecated: true}"),
    "changed-too-small": ("{deprecated: true, x-sunset: 2999-12-31}", "{deprecated: true, x-sunset: 2001-01-01}"),
}


def check(operation: OperationDiff, context: Context) -> Iterator[Found]:
    """Judge the new date; how near is too near is not known where the stability level is none."""
    new = operation.new.node.value
    verdict = sunset_move(operation.old.node.value, new, context.days(new), context)
    if verdict is not None and (verdict.event != "too-small" or stability(new) is not None):
        said = f"{{}} {verdict.said}"
        yield Found(_IDS[verdict.event], said, (verdict.key,), new=verdict.date, facts=verdict.facts)
