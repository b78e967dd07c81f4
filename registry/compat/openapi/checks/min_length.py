"""The shortest right text: ``minLength``; none is zero."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.bounds import moved, number
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    REFUSED,
    STILL_ACCEPTED,
    SURPRISED,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("minLength",)
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("min-length-increased", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING, REQUEST, "parameters", "request-parameter-min-length-increased", why=REFUSED, migrate=LOOSEN_REQUEST
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("min-length-decreased", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        "request-parameter-min-length-decreased",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("min-length-decreased", "response-body", "response-property"),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
)
EXAMPLES = {
    "min-length-increased": ("{type: string, minLength: 5}", "{type: string, minLength: 10}"),
    "min-length-decreased": ("{type: string, minLength: 10}", "{type: string, minLength: 5}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the smallest length."""
    old, new = (number(value) or 0 for value in place.values("minLength"))
    yield from moved(place, "min-length", "minimum length", "minLength", (old, new), lower=True)
