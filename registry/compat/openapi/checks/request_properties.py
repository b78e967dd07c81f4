"""Properties that joined or left a request."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import Node
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, WARNING, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("properties",)
RULES = (
    *rules(
        WARNING,
        REQUEST,
        "schema",
        "request-property-removed",
        why="what callers send there is no longer read, or refused",
        migrate="Mark the property deprecated first, and take it away once nobody sends it.",
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "new-required-request-property",
        "new-required-request-property-with-default",
        why="calls that leave it out are refused",
        migrate="Make it optional and fill in a default on the server.",
    ),
    *rules(INFO, REQUEST, "schema", "new-optional-request-property", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "new-required-request-header-property",
        why="calls that leave it out are refused",
        migrate="Make it optional and fill in a default on the server.",
    ),
)
EXAMPLES = {
    "request-property-removed": ("{type: object, properties: {due: {type: string}}}", "{type: object}"),
    "new-optional-request-property": ("{type: object}", "{type: object, properties: {due: {type: string}}}"),
    "new-required-request-property": (
        "{type: object}",
        "{type: object, properties: {due: {type: string}}, required: [due]}",
    ),
    "new-required-request-property-with-default": (
        "{type: object}",
        "{type: object, properties: {due: {default: now}}, required: [due]}",
    ),
    "new-required-request-header-property": (
        "{type: object}",
        "{type: object, properties: {due: {type: string}}, required: [due]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Name the properties that only one side has and that callers write."""
    if place.prefix in ("request-body", "request-property"):
        for name, node in place.diff.properties_removed.items():
            if node.value.get("readOnly") is not True:
                said = f"property `{name}` was removed from {{}}"
                yield Found("request-property-removed", said, ("properties", name), facts=(name,))
    elif place.location != "header" or not place.request:
        return
    for name, node in place.diff.properties_added.items():
        if node.value.get("readOnly") is not True:
            yield from _added(place, name, node)


def _added(place: Place, name: str, node: Node) -> Iterator[Found]:
    required = name in place.new.required
    if place.location == "header":
        if required:
            said = f"the new property `{name}` of {{}} must be sent"
            yield Found("new-required-request-header-property", said, ("properties", name), facts=(name,))
        return
    rule = "new-required-request-property" if required else "new-optional-request-property"
    if required and node.value.get("default") is not None:
        rule = f"{rule}-with-default"
    said = f"the new property `{name}` of {{}} {'must' if required else 'may'} be sent"
    yield Found(rule, said, ("properties", name), facts=(name,))
