"""What is kept out unless something else lets it in: ``unevaluatedItems``, ``unevaluatedProperties``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.schema import restricts
from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import came_or_went
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("unevaluatedItems", "unevaluatedProperties")
RULES = narrowing(
    ("unevaluated-items-added", "unevaluated-properties-added"),
    ("unevaluated-items-removed", "unevaluated-properties-removed"),
)
EXAMPLES = {
    "unevaluated-items-added": ("{type: array}", "{type: array, unevaluatedItems: false}"),
    "unevaluated-items-removed": ("{type: array, unevaluatedItems: false}", "{type: array}"),
    "unevaluated-properties-added": ("{type: object}", "{type: object, unevaluatedProperties: false}"),
    "unevaluated-properties-removed": ("{type: object, unevaluatedProperties: false}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(
        place, "unevaluatedItems", "unevaluated-items", "a limit on other items", _limits(place, "unevaluatedItems")
    )
    yield from came_or_went(
        place,
        "unevaluatedProperties",
        "unevaluated-properties",
        "a limit on other properties",
        _limits(place, "unevaluatedProperties"),
    )


def _limits(place: Place, keyword: str) -> tuple[bool, bool]:
    old, new = place.values(keyword)
    return restricts(old), restricts(new)
