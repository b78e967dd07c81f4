"""Schemas of a list's first items, each at its position: ``prefixItems``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import sequence
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("prefixItems",)
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("prefix-items-added", "request-body", "request-property"),
        why="callers should know what is read at the position",
        migrate="Tell callers what they should send at the position.",
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("prefix-items-removed", "request-body", "request-property"),
        why="what callers send at the position is no longer read, or refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("prefix-items-added", "response-body", "response-property"),
        why="callers may get an item that they do not know",
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("prefix-items-removed", "response-body", "response-property"),
        why="callers that read the position should know",
        migrate="Tell callers what they may find at the position.",
    ),
)
EXAMPLES = {
    "prefix-items-added": ("{type: array}", "{type: array, prefixItems: [{type: string}]}"),
    "prefix-items-removed": ("{type: array, prefixItems: [{type: string}]}", "{type: array}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare how many positions are described; those that both sides describe are compared as schemas."""
    old, new = (sequence(value) for value in place.values("prefixItems"))
    event, preposition = ("added", "to") if len(new) > len(old) else ("removed", "from")
    for index in range(min(len(old), len(new)), max(len(old), len(new))):
        said = f"position {index} was {event} {preposition} {{}}"
        yield Found(f"{place.prefix}-prefix-items-{event}", said, ("prefixItems",), facts=(event, str(index)))
