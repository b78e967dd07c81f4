"""Properties that a response always, or no longer always, carries."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LEFT_TO_REQUEST,
    NOT_RECEIVED,
    STILL_UNDERSTOOD,
    TELL_READERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("required",)
RULES = (
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        "response-property-became-optional",
        why="callers that rely on it may find it missing",
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-write-only-property-became-optional",
        "response-write-only-property-became-required",
        why=NOT_RECEIVED,
        migrate=LEFT_TO_REQUEST,
    ),
    *rules(INFO, RESPONSE, "schema", "response-property-became-required", why=STILL_UNDERSTOOD, migrate=TELL_READERS),
)
EXAMPLES = {
    "became-required": ("{properties: {due: {type: string}}}", "{properties: {due: {type: string}}, required: [due]}"),
    "became-optional": ("{properties: {due: {type: string}}, required: [due]}", "{properties: {due: {type: string}}}"),
    "write-only-property-became-required": (
        "{properties: {due: {writeOnly: true}}}",
        "{properties: {due: {writeOnly: true}}, required: [due]}",
    ),
    "write-only-property-became-optional": (
        "{properties: {due: {writeOnly: true}}, required: [due]}",
        "{properties: {due: {writeOnly: true}}}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the lists of required names, for properties that both sides have."""
    if place.request or not place.prefix.startswith(("response-body", "response-property")):
        return
    for name in dict.fromkeys((*place.old.required, *place.new.required)):
        had, has = name in place.old.required, name in place.new.required
        old, new = place.diff.property(name)
        if had == has or old is None or new is None:
            continue
        stem = "response-write-only-property" if new.write_only else "response-property"
        event, said = ("required", "is always sent") if has else ("optional", "may be left out")
        facts = (event, name)
        yield Found(f"{stem}-became-{event}", f"property `{name}` of {{}} {said}", ("properties", name), facts=facts)
