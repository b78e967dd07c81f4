"""The number that values must stay above: ``exclusiveMinimum``."""

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
        *for_places("exclusive-min-set", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(WARNING, REQUEST, "parameters", "request-parameter-exclusive-min-set", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("exclusive-min-increased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-exclusive-min-increased",
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        "request-read-only-property-exclusive-min-increased",
        why=NOT_SENT,
        migrate=LEFT_TO_SERVER,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("exclusive-min-decreased", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-exclusive-min-decreased",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("exclusive-min-decreased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "exclusive-min-set": ("{type: number}", "{type: number, exclusiveMinimum: 5}"),
    "exclusive-min-increased": ("{type: number, exclusiveMinimum: 5}", "{type: number, exclusiveMinimum: 10}"),
    "exclusive-min-decreased": ("{type: number, exclusiveMinimum: 10}", "{type: number, exclusiveMinimum: 5}"),
    "read-only-property-exclusive-min-increased": (
        "{type: number, exclusiveMinimum: 5, readOnly: true}",
        "{type: number, exclusiveMinimum: 10, readOnly: true}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the exclusive lower limit."""
    _, exclusive = exclusive_and_inclusive(place, "minimum")
    yield from moved(place, "exclusive-min", "exclusive minimum", "exclusiveMinimum", exclusive, lower=True)
