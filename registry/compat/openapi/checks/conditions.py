"""Conditions that data must meet: ``if``, ``then``, ``else``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.narrowing import narrowing
from registry.compat.openapi.place import Place
from registry.compat.openapi.presence import came_or_went
from registry.compat.openapi.rules import Scope

SCOPE = Scope.SCHEMA
KEYWORDS = ("if", "then", "else")
RULES = narrowing(("if-added", "then-added", "else-added"), ("if-removed", "then-removed", "else-removed"))
EXAMPLES = {
    "if-added": ("{type: object}", "{type: object, if: {required: [card]}}"),
    "if-removed": ("{type: object, if: {required: [card]}}", "{type: object}"),
    "then-added": ("{type: object}", "{type: object, then: {required: [card]}}"),
    "then-removed": ("{type: object, then: {required: [card]}}", "{type: object}"),
    "else-added": ("{type: object}", "{type: object, else: {required: [card]}}"),
    "else-removed": ("{type: object, else: {required: [card]}}", "{type: object}"),
}


def check(place: Place) -> Iterator[Found]:
    """Tell whether it came or went."""
    yield from came_or_went(place, "if", "if", "a condition (if)")
    yield from came_or_went(place, "then", "then", "a consequence (then)")
    yield from came_or_went(place, "else", "else", "an alternative (else)")
