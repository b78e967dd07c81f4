"""The number that values must stay below: ``exclusiveMaximum``."""

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
KEYWORDS = ("maximum", "exclusiveMaximum")
RULES = (
    *rules(
        WARNING,
        REQUEST,
        "schema",
        *for_places("exclusive-max-set", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(WARNING, REQUEST, "parameters", "request-parameter-exclusive-max-set", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("exclusive-max-decreased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-parameter-exclusive-max-decreased",
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        "request-read-only-property-exclusive-max-decreased",
        why=NOT_SENT,
        migrate=LEFT_TO_SERVER,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("exclusive-max-increased", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-exclusive-max-increased",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("exclusive-max-increased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "exclusive-max-set": ("{type: number}", "{type: number, exclusiveMaximum: 5}"),
    "exclusive-max-increased": ("{type: number, exclusiveMaximum: 5}", "{type: number, exclusiveMaximum: 10}"),
    "exclusive-max-decreased": ("{type: number, exclusiveMaximum: 10}", "{type: number, exclusiveMaximum: 5}"),
    "read-only-property-exclusive-max-decreased": (
        "{type: number, exclusiveMaximum: 10, readOnly: true}",
        "{type: number, exclusiveMaximum: 5, readOnly: true}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the exclusive upper limit."""
    _, exclusive = exclusive_and_inclusive(place, "maximum")
    yield from moved(place, "exclusive-max", "exclusive maximum", "exclusiveMaximum", exclusive, lower=False)
