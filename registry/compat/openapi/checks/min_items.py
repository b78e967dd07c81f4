"""The shortest right list: ``minItems``; zero is none."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import moved, number
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, REFUSED, STILL_ACCEPTED, TELL_SENDERS, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("minItems",)
RULES = (
    *rules(
        WARNING,
        REQUEST,
        "schema",
        *for_places("min-items-set", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(WARNING, REQUEST, "parameters", "request-parameter-min-items-set", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("min-items-increased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING, REQUEST, "parameters", "request-parameter-min-items-increased", why=REFUSED, migrate=LOOSEN_REQUEST
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-min-items-decreased",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("min-items-decreased", "response-body", "response-property"),
        *for_places("min-items-unset", "response-body", "response-property"),
        why="callers that rely on items being there may find none",
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "min-items-set": ("{type: array}", "{type: array, minItems: 5}"),
    "min-items-unset": ("{type: array, minItems: 5}", "{type: array}"),
    "min-items-increased": ("{type: array, minItems: 5}", "{type: array, minItems: 10}"),
    "min-items-decreased": ("{type: array, minItems: 10}", "{type: array, minItems: 5}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the smallest number of items."""
    old, new = (number(value) or None for value in place.values("minItems"))
    yield from moved(place, "min-items", "minimum number of items", "minItems", (old, new), lower=True)
