"""Schemas of which exactly one must hold: ``oneOf``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    REFUSED,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    TELL_READERS,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("oneOf",)
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("one-of-added", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("one-of-removed", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING,
        RESPONSE,
        "schema",
        *for_places("one-of-added", "response-body", "response-property"),
        why="callers may get a kind of object that they do not know",
        migrate=TIGHTEN_RESPONSE,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("one-of-removed", "response-body", "response-property"),
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
)
EXAMPLES = {
    "one-of-added": (
        "{oneOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
        "{oneOf: [{title: A, required: [a]}, {title: B, required: [b]}, {title: C, required: [c]}]}",
    ),
    "one-of-removed": (
        "{oneOf: [{title: A, required: [a]}, {title: B, required: [b]}, {title: C, required: [c]}]}",
        "{oneOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Name the choices that came and went."""
    matching = place.diff.branches["oneOf"]
    for event, preposition, branches in (("added", "to", matching.added), ("removed", "from", matching.removed)):
        for branch in branches:
            yield Found(
                f"{place.prefix}-one-of-{event}",
                f"a choice was {event} {preposition} {{}}: `{branch.label}`",
                ("oneOf",),
                facts=(event, branch.label),
            )
