"""Values that joined or left an ``enum``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import sequence
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LEFT_TO_REQUEST,
    LEFT_TO_SERVER,
    LOOSEN_REQUEST,
    NOT_RECEIVED,
    NOT_SENT,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    TELL_READERS,
    TELL_SENDERS,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("enum",)
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("enum-value-removed", "request-body", "request-property"),
        why="calls that send the value are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        *for_places("enum-value-removed", "request-parameter", "request-parameter-property"),
        why="calls that send the value are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO, REQUEST, "schema", "request-read-only-property-enum-value-removed", why=NOT_SENT, migrate=LEFT_TO_SERVER
    ),
    *rules(INFO, REQUEST, "schema", "request-property-enum-value-added", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        *for_places("enum-value-added", "request-parameter", "request-parameter-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        WARNING,
        RESPONSE,
        "schema",
        "response-property-enum-value-added",
        why="callers that know only the old values may fail on the new one",
        migrate="Ask callers whether they take unknown values, or declare the enum extensible from the start.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-write-only-property-enum-value-added",
        why=NOT_RECEIVED,
        migrate=LEFT_TO_REQUEST,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-property-enum-value-removed",
        "response-mediatype-enum-value-removed",
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "enum-value-added": ("{enum: [open, paid]}", "{enum: [open, paid, void]}"),
    "enum-value-removed": ("{enum: [open, paid, void]}", "{enum: [open, paid]}"),
    "read-only-property-enum-value-removed": ("{enum: [open, paid], readOnly: true}", "{enum: [open], readOnly: true}"),
    "write-only-property-enum-value-added": (
        "{enum: [open], writeOnly: true}",
        "{enum: [open, paid], writeOnly: true}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the values of an enum that both sides have; where null comes or goes as a type, that says it."""
    told = place.old.nullable != place.new.nullable
    before, after = (
        [value for value in sequence(side) if value is not None or not told] for side in place.values("enum")
    )
    if not before or not after:
        return
    for value in before:
        if value not in after:
            yield Found(_removed(place), f"{{}} lost the value {value!r}", ("enum",), old=value, facts=(repr(value),))
    for value in after:
        if value not in before:
            yield Found(_added(place), f"{{}} got the new value {value!r}", ("enum",), new=value, facts=(repr(value),))


def _removed(place: Place) -> str:
    if place.prefix == "request-property" and place.ignored:
        return "request-read-only-property-enum-value-removed"
    prefix = "response-mediatype" if place.prefix == "response-body" else place.prefix
    return f"{prefix}-enum-value-removed"


def _added(place: Place) -> str:
    if place.prefix == "response-property" and place.ignored:
        return "response-write-only-property-enum-value-added"
    return f"{place.prefix}-enum-value-added"
