"""Parameters that an operation no longer has."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.notice import removal
from registry.compat.openapi.reasons import GOES
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, WARNING, Scope, rules

SCOPE = Scope.OPERATION
_KEEP = "Mark the parameter deprecated with x-sunset, and take it away after that date."
RULES = (
    *rules(
        WARNING,
        REQUEST,
        "parameters",
        "request-parameter-removed",
        why="what callers send in it is no longer read",
        migrate=_KEEP,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-removed-with-deprecation",
        why="its removal was announced",
        migrate=GOES,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-removed-before-sunset",
        why="callers were promised it until then",
        migrate="Keep the parameter until its sunset date.",
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-sunset-parse",
        why="callers cannot tell how long it stays",
        migrate="Write x-sunset as a date, such as 2030-12-31.",
    ),
)
_IDS = {
    "without-deprecation": "request-parameter-removed",
    "with-deprecation": "request-parameter-removed-with-deprecation",
    "before-sunset": "request-parameter-removed-before-sunset",
    "parse": "request-parameter-sunset-parse",
}
EXAMPLES = {
    "request-parameter-removed": ("{parameters: [{name: limit, in: query}]}", "{}"),
    "removed-with-deprecation": ("{parameters: [{name: limit, in: query, deprecated: true}]}", "{}"),
    "removed-before-sunset": ("{parameters: [{name: limit, in: query, deprecated: true, x-sunset: 2999-12-31}]}", "{}"),
    "sunset-parse": ("{parameters: [{name: limit, in: query, deprecated: true, x-sunset: soon}]}", "{}"),
}


def check(operation: OperationDiff, context: Context) -> Iterator[Found]:
    """Judge the notice that each removed parameter gave."""
    for parameter in operation.parameters.removed:
        verdict = removal(parameter.node.value, context)
        facts = (parameter.location, parameter.name, *verdict.facts)
        said = f"the {parameter.label} {verdict.said}"
        yield Found(_IDS[verdict.event], said, facts=facts, nodes=(parameter.node, None))
