"""The schema of what a text holds: ``contentSchema``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import came_or_went
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("contentSchema",)
RULES = narrowing(("content-schema-added",), ("content-schema-removed",))
EXAMPLES = {
    "content-schema-added": ("{type: string}", "{type: string, contentSchema: {type: object}}"),
    "content-schema-removed": ("{type: string, contentSchema: {type: object}}", "{type: string}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "contentSchema", "content-schema", "a schema of its content")
