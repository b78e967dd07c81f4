"""Sunset dates of deprecated parameters that moved."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import ParameterDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.notice import sunset_move
from registry.compat.openapi.rules import BREAKING, REQUEST, Scope, rules

SCOPE = Scope.PARAMETER
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-sunset-deleted",
        why="callers cannot tell how long it stays",
        migrate="Keep the date that was announced.",
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-sunset-date-changed-too-small",
        why="callers were promised it for longer",
        migrate="Keep the date that was announced, or choose a later one.",
    ),
)
_EVENTS = {"deleted": "deleted", "parse": "parse", "too-small": "date-changed-too-small"}
EXAMPLES = {
    "sunset-deleted": (
        "{name: limit, in: query, deprecated: true, x-sunset: 2999-12-31}",
        "{name: limit, in: query, deprecated: true}",
    ),
    "sunset-date-changed-too-small": (
        "{name: limit, in: query, deprecated: true, x-sunset: 2999-12-31}",
        "{name: limit, in: query, deprecated: true, x-sunset: 2001-01-01}",
    ),
}


def check(parameter: ParameterDiff, days: int, context: Context) -> Iterator[Found]:
    """Judge the new date."""
    verdict = sunset_move(parameter.old.node.value, parameter.new.node.value, days, context)
    if verdict is not None:
        said = f"the {{}} {verdict.said}"
        rule = f"request-parameter-sunset-{_EVENTS[verdict.event]}"
        yield Found(rule, said, (verdict.key,), new=verdict.date, facts=verdict.facts)
