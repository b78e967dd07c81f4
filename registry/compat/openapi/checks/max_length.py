"""The longest right text: ``maxLength``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import moved, number
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LEFT_TO_SERVER,
    LOOSEN_REQUEST,
    NOT_SENT,
    REFUSED,
    STILL_ACCEPTED,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("maxLength",)
RULES = (
    *rules(
        WARNING,
        REQUEST,
        "schema",
        *for_places("max-length-set", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(WARNING, REQUEST, "parameters", "request-parameter-max-length-set", why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("max-length-decreased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING, REQUEST, "parameters", "request-parameter-max-length-decreased", why=REFUSED, migrate=LOOSEN_REQUEST
    ),
    *rules(
        INFO, REQUEST, "schema", "request-read-only-property-max-length-decreased", why=NOT_SENT, migrate=LEFT_TO_SERVER
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("max-length-increased", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-max-length-increased",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
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
    "max-length-set": ("{type: string}", "{type: string, maxLength: 5}"),
    "max-length-unset": ("{type: string, maxLength: 5}", "{type: string}"),
    "max-length-increased": ("{type: string, maxLength: 5}", "{type: string, maxLength: 10}"),
    "max-length-decreased": ("{type: string, maxLength: 10}", "{type: string, maxLength: 5}"),
    "read-only-property-max-length-decreased": (
        "{type: string, maxLength: 10, readOnly: true}",
        "{type: string, maxLength: 5, readOnly: true}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the largest length."""
    old, new = place.values("maxLength")
    yield from moved(place, "max-length", "maximum length", "maxLength", (number(old), number(new)), lower=False)
