"""The longest right text: ``maxLength``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import examples, moved, number, request_rules
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("maxLength",)
RULES = (
    *request_rules("max-length", lower=False),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("max-length-increased", "response-body", "response-property"),
        *for_places("max-length-unset", "response-body", "response-property"),
        why="longer text may not fit where callers keep it",
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    **examples("string", "maxLength", "max-length", lower=False),
    "max-length-unset": ("{type: string, maxLength: 5}", "{type: string}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the largest length."""
    old, new = place.values("maxLength")
    yield from moved(place, "max-length", "maximum length", "maxLength", (number(old), number(new)), lower=False)
