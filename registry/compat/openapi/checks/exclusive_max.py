"""The number that values must stay below: ``exclusiveMaximum``."""

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
    *request_rules("exclusive-max", lower=False),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("exclusive-max-increased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = examples("number", "exclusiveMaximum", "exclusive-max", lower=False)


def check(place: Place) -> Iterator[Found]:
    """Compare the exclusive upper limit."""
    _, exclusive = exclusive_and_inclusive(place, "maximum")
    yield from moved(place, "exclusive-max", "exclusive maximum", "exclusiveMaximum", exclusive, lower=False)
