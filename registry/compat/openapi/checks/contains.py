"""A schema that some item of a list must meet: ``contains``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import came_or_went
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("contains",)
RULES = narrowing(("contains-added",), ("contains-removed",))
EXAMPLES = {
    "contains-added": ("{type: array}", "{type: array, contains: {const: total}}"),
    "contains-removed": ("{type: array, contains: {const: total}}", "{type: array}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "contains", "contains", "a demand on some item (contains)")
