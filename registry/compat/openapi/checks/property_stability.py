"""What is promised of a property: ``x-stability-level``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import STABILITY, stability_move
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("x-stability-level",)
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "request-property-stability-decreased",
        why="callers were promised more",
        migrate="Keep the level that was promised.",
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        "response-property-stability-decreased",
        why="callers were promised more",
        migrate="Keep the level that was promised.",
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        "request-property-stability-increased",
        why="callers may rely on it more",
        migrate="Nothing breaks; tell callers that they may count on it now.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        "response-property-stability-increased",
        why="callers may rely on it more",
        migrate="Nothing breaks; tell callers that they may count on it now.",
    ),
)
EXAMPLES = {
    "stability-decreased": ("{type: string, x-stability-level: stable}", "{type: string, x-stability-level: beta}"),
    "stability-increased": ("{type: string, x-stability-level: beta}", "{type: string, x-stability-level: stable}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the two levels."""
    move = stability_move(place.old.value, place.new.value)
    if move:
        old, new = place.values(STABILITY)
        said = f"the stability of {{}} was {move} from {old or 'none'} to {new or 'none'}"
        yield Found(f"{place.prefix}-stability-{move}", said, (STABILITY,), old, new)
