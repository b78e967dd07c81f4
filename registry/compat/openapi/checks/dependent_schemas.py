"""Schemas that apply once a property is there: ``dependentSchemas``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import of_map
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("dependentSchemas",)
RULES = narrowing(("dependent-schema-added",), ("dependent-schema-removed",))
EXAMPLES = {
    "dependent-schema-added": ("{type: object}", "{type: object, dependentSchemas: {card: {required: [holder]}}}"),
    "dependent-schema-removed": ("{type: object, dependentSchemas: {card: {required: [holder]}}}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Name the entries that came and went."""
    yield from of_map(place, "dependentSchemas", "dependent-schema", "a demand that a property brings with it")
