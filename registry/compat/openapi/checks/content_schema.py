"""The schema of what a text holds: ``contentSchema``."""

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
KEYWORDS = ("contentSchema",)
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(
        BREAKING, REQUEST, "schema", *for_places("content-schema-added", *_REQUEST), why=REFUSED, migrate=LOOSEN_REQUEST
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("content-schema-removed", *_REQUEST),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("content-schema-removed", *_RESPONSE),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("content-schema-added", *_RESPONSE),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "content-schema-added": ("{type: string}", "{type: string, contentSchema: {type: object}}"),
    "content-schema-removed": ("{type: string, contentSchema: {type: object}}", "{type: string}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "contentSchema", "content-schema", "a schema of its content")
