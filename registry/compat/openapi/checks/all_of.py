"""Schemas that all must hold: ``allOf``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, REFUSED
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, WARNING, Scope, for_all, for_places, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("allOf",)
_REQUEST = ("request-body", "request-property")
_RESPONSE = ("response-body", "response-property")
_ANNOTATION = ("all-of-added-annotation-only", "all-of-removed-annotation-only")
RULES = (
    *rules(BREAKING, REQUEST, "schema", *for_places("all-of-added", *_REQUEST), why=REFUSED, migrate=LOOSEN_REQUEST),
    *rules(
        WARNING,
        REQUEST,
        "schema",
        *for_places("all-of-removed", *_REQUEST),
        why="what callers send for it may no longer be read",
        migrate="Say what becomes of the values that callers send.",
    ),
    *rules(
        INFO,
        REQUEST,
        "schema",
        *for_all(_ANNOTATION, *_REQUEST),
        why="it only describes",
        migrate="Nothing to do; check that the text says what is meant.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_all(_ANNOTATION, *_RESPONSE),
        why="it only describes",
        migrate="Nothing to do; check that the text says what is meant.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *for_places("all-of-added", *_RESPONSE),
        *for_places("all-of-removed", *_RESPONSE),
        why="callers that check what they get should know",
        migrate="Tell callers what they can rely on.",
    ),
)
EXAMPLES = {
    "all-of-added": (
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}, {title: C, required: [c]}]}",
    ),
    "all-of-removed": (
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}, {title: C, required: [c]}]}",
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
    ),
    "all-of-added-annotation-only": (
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}, {description: A note}]}",
    ),
    "all-of-removed-annotation-only": (
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}, {description: A note}]}",
        "{allOf: [{title: A, required: [a]}, {title: B, required: [b]}]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Name the branches that came and went."""
    matching = place.diff.branches["allOf"]
    for event, branches in (("added", matching.added), ("removed", matching.removed)):
        for branch in branches:
            suffix = "-annotation-only" if branch.annotates_only else ""
            preposition = "to" if event == "added" else "from"
            yield Found(
                f"{place.prefix}-all-of-{event}{suffix}",
                f"a condition was {event} {preposition} {{}}: `{branch.label}`",
                ("allOf",),
                facts=(event, branch.label),
            )
