"""Properties that only one side of a call writes: ``readOnly`` and ``writeOnly``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import INFO, REQUEST, RESPONSE, WARNING, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("readOnly", "writeOnly")
_EVENTS = ("became-write-only", "became-not-write-only", "became-read-only", "became-not-read-only")
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *(f"request-{need}-property-{event}" for need in ("optional", "required") for event in _EVENTS),
        why="callers should know whether to send it",
        migrate="Tell callers who writes the property.",
    ),
    *rules(
        WARNING,
        RESPONSE,
        "schema",
        "response-required-property-became-not-write-only",
        why="callers get a value that was never in the response",
        migrate="Check that callers take the new value.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *(
            f"response-{need}-property-{event}"
            for need in ("optional", "required")
            for event in _EVENTS
            if (need, event) != ("required", "became-not-write-only")
        ),
        why="callers should know whether to expect it",
        migrate="Tell callers who writes the property.",
    ),
)
EXAMPLES = {
    "optional-property-became-write-only": (
        "{properties: {due: {type: string}}}",
        "{properties: {due: {type: string, writeOnly: true}}}",
    ),
    "optional-property-became-not-write-only": (
        "{properties: {due: {type: string, writeOnly: true}}}",
        "{properties: {due: {type: string}}}",
    ),
    "required-property-became-write-only": (
        "{properties: {due: {type: string}}, required: [due]}",
        "{properties: {due: {type: string, writeOnly: true}}, required: [due]}",
    ),
    "required-property-became-not-write-only": (
        "{properties: {due: {type: string, writeOnly: true}}, required: [due]}",
        "{properties: {due: {type: string}}, required: [due]}",
    ),
    "optional-property-became-read-only": (
        "{properties: {due: {type: string}}}",
        "{properties: {due: {type: string, readOnly: true}}}",
    ),
    "optional-property-became-not-read-only": (
        "{properties: {due: {type: string, readOnly: true}}}",
        "{properties: {due: {type: string}}}",
    ),
    "required-property-became-read-only": (
        "{properties: {due: {type: string}}, required: [due]}",
        "{properties: {due: {type: string, readOnly: true}}, required: [due]}",
    ),
    "required-property-became-not-read-only": (
        "{properties: {due: {type: string, readOnly: true}}, required: [due]}",
        "{properties: {due: {type: string}}, required: [due]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Tell which way each flag went, for properties of a body."""
    if place.prefix not in ("request-property", "response-property"):
        return
    need = "required" if place.required else "optional"
    side = "request" if place.request else "response"
    for keyword, name in (("writeOnly", "write-only"), ("readOnly", "read-only")):
        old, new = (value is True for value in place.values(keyword))
        if old != new:
            state = name if new else f"not-{name}"
            said = f"{{}} became {state.replace('not-', 'not ')}"
            yield Found(f"{side}-{need}-property-became-{state}", said, (keyword,), old, new)
