"""A choice of types that grew or shrank: a list in ``type``, or a oneOf or anyOf of bare types."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    TELL_READERS,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("types",)
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("list-of-types-widened", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        INFO,
        REQUEST,
        "parameters",
        *for_places("list-of-types-widened", "request-parameter", "request-parameter-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("list-of-types-narrowed", "request-body", "request-property"),
        why="calls that send the type that left are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        *for_places("list-of-types-narrowed", "request-parameter", "request-parameter-property"),
        why="calls that send the type that left are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("list-of-types-widened", "response-body", "response-property"),
        why="callers may get a type that they can't read",
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("list-of-types-narrowed", "response-body", "response-property"),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "widened": ("{type: string}", "{type: [string, integer]}"),
    "narrowed": ("{type: [string, integer]}", "{type: string}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the types that each side lets through."""
    old, new = place.old.alternatives, place.new.alternatives
    added = [name for name in new if name not in old]
    removed = [name for name in old if name not in new]
    if added:
        names = ", ".join(added)
        yield Found(f"{place.prefix}-list-of-types-widened", f"{{}} may now also be {names}", new=new, facts=(names,))
    if removed:
        names = ", ".join(removed)
        yield Found(f"{place.prefix}-list-of-types-narrowed", f"{{}} may no longer be {names}", old=old, facts=(names,))
