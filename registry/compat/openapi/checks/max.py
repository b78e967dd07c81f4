"""The largest right number: ``maximum``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import examples, exclusive_and_inclusive, moved, request_rules
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import SURPRISED, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("maximum", "exclusiveMaximum")
RULES = (
    *request_rules("max", lower=False),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("max-increased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = examples("number", "maximum", "max", lower=False)


def check(place: Place) -> Iterator[Found]:
    """Compare the inclusive upper limit."""
    inclusive, _ = exclusive_and_inclusive(place, "maximum")
    yield from moved(place, "max", "maximum", "maximum", inclusive, lower=False)
