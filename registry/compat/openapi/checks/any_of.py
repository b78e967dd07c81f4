"""Schemas of which at least one must hold: ``anyOf``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, REFUSED, STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, Scope, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("anyOf",)
_RESPONSE = ("response-body", "response-property")
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_places("any-of-added", "request-body", "request-property"),
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        *for_places("any-of-removed", "request-body", "request-property"),
        why=REFUSED,
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("any-of-added", *_RESPONSE),
        *for_places("any-of-removed", *_RESPONSE),
        why="callers that tell the choices apart should know",
        migrate="Tell callers which choices there are.",
    ),
)
EXAMPLES = {
    "any-of-added": (
        "{anyOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
        "{anyOf: [{title: A, required: [a]}, {title: B, required: [b]}, {title: C, required: [c]}]}",
    ),
    "any-of-removed": (
        "{anyOf: [{title: A, required: [a]}, {title: B, required: [b]}, {title: C, required: [c]}]}",
        "{anyOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Name the choices that came and went."""
    matching = place.diff.branches["anyOf"]
    for event, preposition, branches in (("added", "to", matching.added), ("removed", "from", matching.removed)):
        for branch in branches:
            yield Found(
                f"{place.prefix}-any-of-{event}",
                f"a choice was {event} {preposition} {{}}: `{branch.label}`",
                ("anyOf",),
                facts=(event, branch.label),
            )
