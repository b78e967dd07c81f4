"""A schema that every property's name must meet: ``propertyNames``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import came_or_went
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("propertyNames",)
RULES = narrowing(("property-names-added",), ("property-names-removed",))
EXAMPLES = {
    "property-names-added": ("{type: object}", "{type: object, propertyNames: {maxLength: 40}}"),
    "property-names-removed": ("{type: object, propertyNames: {maxLength: 40}}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "propertyNames", "property-names", "a demand on property names")
