"""A body that was one object and became a choice of several."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import BREAKING, REQUEST, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("wrapped",)
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "request-body-wrapped-in-one-of",
        why="a call must now match exactly one of the choices, and what callers generated for the old body is gone",
        migrate="Give the choice an operation, or a media type, of its own.",
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        "response-body-wrapped-in-one-of",
        why="callers may get a kind of object that they do not know",
        migrate="Give the choice an operation, or a media type, of its own.",
    ),
)
EXAMPLES = {
    "wrapped-in-one-of": (
        "{type: object, required: [a]}",
        "{oneOf: [{type: object, required: [a]}, {title: B, required: [b]}]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Name the choices."""
    names = ", ".join(branch.label for branch in place.new.branches["oneOf"])
    yield Found(
        f"{place.prefix}-wrapped-in-one-of", f"{{}} became a choice of several: {names}", ("oneOf",), facts=(names,)
    )
