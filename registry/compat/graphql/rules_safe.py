"""Rules for what hurts no client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.compat.graphql.examples import NOTHING, query, rule
from registry.compat.model import Level
from registry.compat.rules import Rule

_OLD: Final = "id: ID"
_WORDS: Final = "Words for people."
_REASON: Final = 'reason: "Use b."'


def _safe(key: str, why: str, before: str, after: str) -> Rule:
    return rule(key, Level.INFO, why, NOTHING, (before, after))


def _descriptions() -> Iterator[Rule]:
    """Added, removed, changed: three rules where the field has three, one elsewhere."""
    texts = {
        "type": '"%s" type Query { id: ID }',
        "field": 'type Query { "%s" id: ID }',
        "input-field": 'type Query { id: ID } input I { "%s" a: Int }',
    }
    for place, text in texts.items():
        bare = text.replace('"%s" ', "")
        yield _safe(f"{place}-description-added", _WORDS, bare, text % "New.")
        yield _safe(f"{place}-description-removed", _WORDS, text % "Old.", bare)
        yield _safe(f"{place}-description-changed", _WORDS, text % "Old.", text % "New.")
    single = {
        "field-argument": 'type Query { id("%s" a: Int): ID }',
        "enum-value": 'type Query { id: ID } enum E { "%s" A }',
        "directive": 'type Query { id: ID } "%s" directive @d on FIELD',
        "directive-argument": 'type Query { id: ID } directive @d("%s" a: Int) on FIELD',
    }
    for place, text in single.items():
        yield _safe(f"{place}-description-changed", _WORDS, text % "Old.", text % "New.")


def _deprecations() -> Iterator[Rule]:
    """Being deprecated, and the reason for it."""
    reasons = {"field": "type Query { id: ID %s }", "enum-value": "type Query { id: ID } enum E { A %s B }"}
    for place, text in reasons.items():
        bare, one, two = text % "", text % f"@deprecated({_REASON})", text % '@deprecated(reason: "Use c.")'
        yield _safe(f"{place}-deprecation-reason-added", _WORDS, bare, one)
        yield _safe(f"{place}-deprecation-reason-removed", _WORDS, one, bare)
        yield _safe(f"{place}-deprecation-reason-changed", _WORDS, one, two)
    marked = {
        "field-argument": "type Query { id(a: Int %s): ID }",
        "input-field": "type Query { id: ID } input I { a: Int %s }",
    }
    yield _safe(
        "field-deprecation-added",
        "It still works; clients are told to leave.",
        query(_OLD),
        query("id: ID @deprecated"),
    )
    for place, text in marked.items():
        bare, one = text % "", text % "@deprecated"
        yield _safe(f"{place}-deprecation-added", "It still works; clients are told to leave.", bare, one)
        yield _safe(f"{place}-deprecation-removed", "It goes on working.", one, bare)


SAFE: Final = (
    _safe("field-added", "Nobody asks for it yet.", query(_OLD), query("id: ID name: String")),
    _safe("type-added", "Nobody asks for it yet.", query(_OLD), query(_OLD, "type A { id: ID }")),
    _safe("directive-added", "Nobody uses it yet.", query(_OLD), query(_OLD, "directive @d on FIELD")),
    _safe(
        "directive-location-added",
        "It may stand where it did, and elsewhere.",
        query(_OLD, "directive @d on FIELD"),
        query(_OLD, "directive @d on FIELD | QUERY"),
    ),
    _safe(
        "directive-repeatable-added",
        "One use is as good as before.",
        query(_OLD, "directive @d on FIELD"),
        query(_OLD, "directive @d repeatable on FIELD"),
    ),
    *_descriptions(),
    *_deprecations(),
)
