"""Schemas of all properties whose names match: ``patternProperties``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import of_map
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("patternProperties",)
RULES = narrowing(("pattern-property-added",), ("pattern-property-removed",))
EXAMPLES = {
    "pattern-property-added": ("{type: object}", "{type: object, patternProperties: {^x-: {type: string}}}"),
    "pattern-property-removed": ("{type: object, patternProperties: {^x-: {type: string}}}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Name the entries that came and went."""
    yield from of_map(place, "patternProperties", "pattern-property", "a demand on properties whose name matches")
