"""Parameters on their way out: ``deprecated`` with ``x-sunset``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import ParameterDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.notice import NOTICE, deprecation
from registry.compat.openapi.reasons import STAYS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.PARAMETER
RULES = (
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-deprecated",
        why="callers should stop sending it",
        migrate="Tell callers what takes its place, and by when.",
    ),
    *rules(INFO, REQUEST, "parameters", "request-parameter-reactivated", why="it stays after all", migrate=STAYS),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-deprecated-sunset-missing",
        why="callers cannot tell how long it stays",
        migrate="Add x-sunset with the date of removal.",
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-sunset-date-too-small",
        why="callers get less notice than they were promised",
        migrate="Choose a later date.",
    ),
)
_EVENTS = {"missing": "deprecated-sunset-missing", "deprecated-with-sunset": "deprecated", "parse": "sunset-parse"}
EXAMPLES = {
    "parameter-deprecated": ("{name: limit, in: query}", "{name: limit, in: query, deprecated: true}"),
    "parameter-reactivated": ("{name: limit, in: query, deprecated: true}", "{name: limit, in: query}"),
    "sunset-missing": ("{name: limit, in: query}", "{name: limit, in: query, deprecated: true}", NOTICE),
    "sunset-date-too-small": (
        "{name: limit, in: query}",
        "{name: limit, in: query, deprecated: true, x-sunset: 2001-01-01}",
    ),
}


def check(parameter: ParameterDiff, days: int, context: Context) -> Iterator[Found]:
    """Judge the notice that a newly deprecated parameter gives."""
    verdict = deprecation(parameter.old.node.value, parameter.new.node.value, days, context)
    if verdict is not None:
        event = _EVENTS.get(verdict.event, verdict.event)
        said = f"the {{}} {verdict.said}"
        yield Found(f"request-parameter-{event}", said, (verdict.key,), new=verdict.date, facts=verdict.facts)
