"""A schema that some item of a list must meet: ``contains``."""

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
KEYWORDS = ("contains",)
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(BREAKING, REQUEST, "schema", *for_places("contains-added", *_REQUEST), why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        INFO, REQUEST, "schema", *for_places("contains-removed", *_REQUEST), why=STILL_ACCEPTED, migrate=TELL_SENDERS
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("contains-removed", *_RESPONSE),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO, RESPONSE, "schema", *for_places("contains-added", *_RESPONSE), why=STILL_UNDERSTOOD, migrate=TELL_READERS
    ),
)
EXAMPLES = {
    "contains-added": ("{type: array}", "{type: array, contains: {const: total}}"),
    "contains-removed": ("{type: array, contains: {const: total}}", "{type: array}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "contains", "contains", "a demand on some item (contains)")
