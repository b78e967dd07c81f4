"""The number that values must stay above: ``exclusiveMinimum``."""

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
    *request_rules("exclusive-min", lower=True),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("exclusive-min-decreased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = examples("number", "exclusiveMinimum", "exclusive-min", lower=True)


def check(place: Place) -> Iterator[Found]:
    """Compare the exclusive lower limit."""
    _, exclusive = exclusive_and_inclusive(place, "minimum")
    yield from moved(place, "exclusive-min", "exclusive minimum", "exclusiveMinimum", exclusive, lower=True)
