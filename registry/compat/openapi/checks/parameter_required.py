"""Whether a parameter must be sent."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import ParameterDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.PARAMETER
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-became-required",
        why="calls that leave it out are refused",
        migrate="Keep the parameter optional, with a default that keeps the old behaviour.",
    ),
    *rules(INFO, REQUEST, "parameters", "request-parameter-became-optional", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
)
EXAMPLES = {
    "became-required": ("{name: limit, in: query}", "{name: limit, in: query, required: true}"),
    "became-optional": ("{name: limit, in: query, required: true}", "{name: limit, in: query}"),
}


def check(parameter: ParameterDiff, _days: int, _context: Context) -> Iterator[Found]:
    """Compare ``required``."""
    old, new = parameter.old.required, parameter.new.required
    if new and not old:
        yield Found("request-parameter-became-required", "the {} must be sent", ("required",), old, new)
    elif old and not new:
        yield Found("request-parameter-became-optional", "the {} may be left out", ("required",), old, new)
