"""Operations on their way out: ``deprecated`` with ``x-sunset``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context, stability
from registry.compat.openapi.notice import NOTICE, deprecation
from registry.compat.openapi.reasons import STAYS
from registry.compat.openapi.rules import BREAKING, INFO, NEITHER, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(
        INFO,
        NEITHER,
        "paths",
        "endpoint-deprecated",
        "endpoint-deprecated-with-sunset",
        why="callers should move away from it",
        migrate="Tell callers what takes its place, and by when.",
    ),
    *rules(INFO, NEITHER, "paths", "endpoint-reactivated", why="it stays after all", migrate=STAYS),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-deprecated-sunset-missing",
        why="callers cannot tell how long it stays",
        migrate="Add x-sunset with the date of removal.",
    ),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-deprecated-sunset-parse",
        why="callers cannot tell how long it stays",
        migrate="Write x-sunset as a date, such as 2030-12-31.",
    ),
    *rules(
        BREAKING,
        NEITHER,
        "paths",
        "api-sunset-date-too-small",
        why="callers get less notice than they were promised",
        migrate="Choose a later date.",
    ),
)
_IDS = {
    "reactivated": "endpoint-reactivated",
    "missing": "api-deprecated-sunset-missing",
    "parse": "api-deprecated-sunset-parse",
    "sunset-date-too-small": "api-sunset-date-too-small",
    "deprecated": "endpoint-deprecated",
    "deprecated-with-sunset": "endpoint-deprecated-with-sunset",
}
EXAMPLES = {
    "endpoint-deprecated": ("{}", "{deprecated: true}"),
    "endpoint-deprecated-with-sunset": ("{}", "{deprecated: true, x-sunset: 2999-12-31}"),
    "endpoint-reactivated": ("{deprecated: true}", "{}"),
    "sunset-missing": ("{}", "{deprecated: true}", NOTICE),
    "sunset-parse": ("{}", "{deprecated: true, x-sunset: soon}"),
    "sunset-date-too-small": ("{}", "{deprecated: true, x-sunset: 2001-01-01}"),
}


def check(operation: OperationDiff, context: Context) -> Iterator[Found]:
    """Judge the notice that a newly deprecated operation gives."""
    new = operation.new.node.value
    if stability(new) is None:
        return
    verdict = deprecation(operation.old.node.value, new, context.days(new), context)
    if verdict is not None:
        said = f"{{}} {verdict.said}"
        yield Found(_IDS[verdict.event], said, (verdict.key,), new=verdict.date, facts=verdict.facts)
