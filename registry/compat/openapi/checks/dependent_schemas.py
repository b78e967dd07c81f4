"""Schemas that apply once a property is there: ``dependentSchemas``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import of_map
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
KEYWORDS = ("dependentSchemas",)
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("dependent-schema-added", *_REQUEST),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("dependent-schema-removed", *_REQUEST),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("dependent-schema-removed", *_RESPONSE),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("dependent-schema-added", *_RESPONSE),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "dependent-schema-added": ("{type: object}", "{type: object, dependentSchemas: {card: {required: [holder]}}}"),
    "dependent-schema-removed": ("{type: object, dependentSchemas: {card: {required: [holder]}}}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Name the entries that came and went."""
    yield from of_map(place, "dependentSchemas", "dependent-schema", "a demand that a property brings with it")
