"""The smallest right number: ``minimum``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import exclusive_and_inclusive, moved
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LEFT_TO_SERVER,
    LOOSEN_REQUEST,
    NOT_SENT,
    REFUSED,
    STILL_ACCEPTED,
    SURPRISED,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("minimum", "exclusiveMinimum")
RULES = (
    *rules(
        WARNING,
        REQUEST,
        "schema",
        *for_places("min-set", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(WARNING, REQUEST, "parameters", "request-parameter-min-set", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("min-increased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(BREAKING, REQUEST, "parameters", "request-parameter-min-increased", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(INFO, REQUEST, "schema", "request-read-only-property-min-increased", why=NOT_SENT, migrate=LEFT_TO_SERVER),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("min-decreased", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(INFO, REQUEST, "parameters", "request-parameter-min-decreased", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("min-decreased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "min-set": ("{type: number}", "{type: number, minimum: 5}"),
    "min-increased": ("{type: number, minimum: 5}", "{type: number, minimum: 10}"),
    "min-decreased": ("{type: number, minimum: 10}", "{type: number, minimum: 5}"),
    "read-only-property-min-increased": (
        "{type: number, minimum: 5, readOnly: true}",
        "{type: number, minimum: 10, readOnly: true}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the inclusive lower limit."""
    inclusive, _ = exclusive_and_inclusive(place, "minimum")
    yield from moved(place, "min", "minimum", "minimum", inclusive, lower=True)
