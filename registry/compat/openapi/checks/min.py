"""The smallest right number: ``minimum``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import examples, exclusive_and_inclusive, moved, request_rules
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import SURPRISED, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("minimum", "exclusiveMinimum")
RULES = (
    *request_rules("min", lower=True),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("min-decreased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = examples("number", "minimum", "min", lower=True)


def check(place: Place) -> Iterator[Found]:
    """Compare the inclusive lower limit."""
    inclusive, _ = exclusive_and_inclusive(place, "minimum")
    yield from moved(place, "min", "minimum", "minimum", inclusive, lower=True)
