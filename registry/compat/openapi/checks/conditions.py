"""Conditions that data must meet: ``if``, ``then``, ``else``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import came_or_went
from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    REFUSED,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    SURPRISED,
    TELL_READERS,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("if", "then", "else")
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("if-added", *_REQUEST),
        *for_places("then-added", *_REQUEST),
        *for_places("else-added", *_REQUEST),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("if-removed", *_REQUEST),
        *for_places("then-removed", *_REQUEST),
        *for_places("else-removed", *_REQUEST),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("if-removed", *_RESPONSE),
        *for_places("then-removed", *_RESPONSE),
        *for_places("else-removed", *_RESPONSE),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("if-added", *_RESPONSE),
        *for_places("then-added", *_RESPONSE),
        *for_places("else-added", *_RESPONSE),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "if-added": ("{type: object}", "{type: object, if: {required: [card]}}"),
    "if-removed": ("{type: object, if: {required: [card]}}", "{type: object}"),
    "then-added": ("{type: object}", "{type: object, then: {required: [card]}}"),
    "then-removed": ("{type: object, then: {required: [card]}}", "{type: object}"),
    "else-added": ("{type: object}", "{type: object, else: {required: [card]}}"),
    "else-removed": ("{type: object, else: {required: [card]}}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "if", "if", "a condition (if)")
    yield from came_or_went(place, "then", "then", "a consequence (then)")
    yield from came_or_went(place, "else", "else", "an alternative (else)")
