"""Properties that joined or left a response."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LEFT_TO_REQUEST, NOT_RECEIVED
from registry.compat.openapi.rules import BREAKING, INFO, RESPONSE, WARNING, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("properties",)
RULES = (
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        "response-required-property-removed",
        why="callers that rely on it find it missing",
        migrate="Mark the property deprecated, and take it away in a new version of the operation.",
    ),
    *rules(
        WARNING,
        RESPONSE,
        "schema",
        "response-optional-property-removed",
        why="callers that read it find it missing",
        migrate="Mark the property deprecated first, and take it away once nobody reads it.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-required-write-only-property-removed",
        "response-optional-write-only-property-removed",
        "response-required-write-only-property-added",
        "response-optional-write-only-property-added",
        why=NOT_RECEIVED,
        migrate=LEFT_TO_REQUEST,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-required-property-added",
        "response-optional-property-added",
        why="callers may read it, or pass it by",
        migrate="Nothing breaks; tell callers what it means.",
    ),
)
EXAMPLES = {
    "optional-property-added": ("{type: object}", "{type: object, properties: {due: {type: string}}}"),
    "optional-property-removed": ("{type: object, properties: {due: {type: string}}}", "{type: object}"),
    "required-property-added": ("{type: object}", "{type: object, properties: {due: {type: string}}, required: [due]}"),
    "required-property-removed": (
        "{type: object, properties: {due: {type: string}}, required: [due]}",
        "{type: object}",
    ),
    "optional-write-only-property-added": ("{type: object}", "{type: object, properties: {due: {writeOnly: true}}}"),
    "optional-write-only-property-removed": ("{type: object, properties: {due: {writeOnly: true}}}", "{type: object}"),
    "required-write-only-property-added": (
        "{type: object}",
        "{type: object, properties: {due: {writeOnly: true}}, required: [due]}",
    ),
    "required-write-only-property-removed": (
        "{type: object, properties: {due: {writeOnly: true}}, required: [due]}",
        "{type: object}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Name the properties that only one side has."""
    if place.prefix not in ("response-body", "response-property"):
        return
    removed, added = place.diff.properties_removed, place.diff.properties_added
    for event, preposition, nodes, side in (
        ("removed", "from", removed, place.old),
        ("added", "to", added, place.new),
    ):
        for name, node in nodes.items():
            stem = "required" if name in side.required else "optional"
            if node.value.get("writeOnly") is True:
                stem += "-write-only"
            said = f"property `{name}` was {event} {preposition} {{}}"
            yield Found(f"response-{stem}-property-{event}", said, ("properties", name), facts=(name,))
