"""What is kept out unless something else lets it in: ``unevaluatedItems``, ``unevaluatedProperties``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.schema import restricts
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
KEYWORDS = ("unevaluatedItems", "unevaluatedProperties")
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("unevaluated-items-added", *_REQUEST),
        *for_places("unevaluated-properties-added", *_REQUEST),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("unevaluated-items-removed", *_REQUEST),
        *for_places("unevaluated-properties-removed", *_REQUEST),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("unevaluated-items-removed", *_RESPONSE),
        *for_places("unevaluated-properties-removed", *_RESPONSE),
        why=SURPRISED,
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("unevaluated-items-added", *_RESPONSE),
        *for_places("unevaluated-properties-added", *_RESPONSE),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "unevaluated-items-added": ("{type: array}", "{type: array, unevaluatedItems: false}"),
    "unevaluated-items-removed": ("{type: array, unevaluatedItems: false}", "{type: array}"),
    "unevaluated-properties-added": ("{type: object}", "{type: object, unevaluatedProperties: false}"),
    "unevaluated-properties-removed": ("{type: object, unevaluatedProperties: false}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(
        place, "unevaluatedItems", "unevaluated-items", "a limit on other items", _limits(place, "unevaluatedItems")
    )
    yield from came_or_went(
        place,
        "unevaluatedProperties",
        "unevaluated-properties",
        "a limit on other properties",
        _limits(place, "unevaluatedProperties"),
    )


def _limits(place: Place, keyword: str) -> tuple[bool, bool]:
    old, new = place.values(keyword)
    return restricts(old), restricts(new)
