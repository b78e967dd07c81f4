"""The largest right number: ``maximum``."""

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
        *for_places("max-set", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(WARNING, REQUEST, "parameters", "request-parameter-max-set", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("max-decreased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(BREAKING, REQUEST, "parameters", "request-parameter-max-decreased", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(INFO, REQUEST, "schema", "request-read-only-property-max-decreased", why=NOT_SENT, migrate=LEFT_TO_SERVER),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("max-increased", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(INFO, REQUEST, "parameters", "request-parameter-max-increased", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("max-increased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "max-set": ("{type: number}", "{type: number, maximum: 5}"),
    "max-increased": ("{type: number, maximum: 5}", "{type: number, maximum: 10}"),
    "max-decreased": ("{type: number, maximum: 10}", "{type: number, maximum: 5}"),
    "read-only-property-max-decreased": (
        "{type: number, maximum: 10, readOnly: true}",
        "{type: number, maximum: 5, readOnly: true}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the inclusive upper limit."""
    inclusive, _ = exclusive_and_inclusive(place, "maximum")
    yield from moved(place, "max", "maximum", "maximum", inclusive, lower=False)
