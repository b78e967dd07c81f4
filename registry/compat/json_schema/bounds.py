"""Keywords that bound a value: numbers, lengths, counts, patterns."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from registry.compat.json_schema.annotations import keyword_finding
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node
from registry.compat.json_schema.vocabulary import is_number


def compare_counts(old: Node, new: Node, *keywords: str) -> Iterator[Finding]:
    """Keywords minX and maxX that count something; a minimum of 0 says nothing."""
    for keyword in keywords:
        upper = keyword.startswith("max")
        before, after = (None if not upper and node.get(keyword) == 0 else node.get(keyword) for node in (old, new))
        yield from _compare(old, new, keyword, before, after)


def _compare(old: Node, new: Node, keyword: str, before: Any, after: Any) -> Iterator[Finding]:
    if before == after:
        return
    if before is None:
        change = "added"
    elif after is None:
        change = "removed"
    else:
        change = "increased" if after > before else "decreased"
    yield keyword_finding(f"{_kebab(keyword)}-{change}", old, new, keyword)


def _kebab(keyword: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in keyword)


def compare_numbers(old: Node, new: Node, possible: frozenset[str]) -> Iterator[Finding]:
    """minimum, maximum, their exclusive forms (numbers, or draft 4's booleans) and multipleOf."""
    for side, upper in (("minimum", False), ("maximum", True)):
        exclusive = f"exclusive{side.capitalize()}"
        before, after = _limits(old, side, exclusive), _limits(new, side, exclusive)
        for keyword, was, now, open_end in (
            (side, before[0], after[0], False),
            (exclusive, before[1], after[1], True),
        ):
            implied = was is None and now is not None and _implied(before, now, upper=upper, open_end=open_end)
            if not implied:
                yield from _compare(old, new, keyword, was, now)
    yield from _compare_multiples(old, new, possible)


def _limits(node: Node, side: str, exclusive: str) -> tuple[Any, Any]:
    """(inclusive, exclusive) limit; draft 4's ``exclusiveMinimum: true`` turns the one into the other."""
    limit, flag = node.get(side), node.get(exclusive)
    if flag is True:
        return None, limit
    return limit, flag if is_number(flag) else None


def _implied(before: tuple[Any, Any], now: Any, *, upper: bool, open_end: bool) -> bool:
    """Whether the other limit of the old schema already kept values on the right side."""
    inclusive, exclusive = before
    sign = -1 if upper else 1
    if open_end:
        return inclusive is not None and sign * inclusive > sign * now
    return exclusive is not None and sign * exclusive >= sign * now


def _compare_multiples(old: Node, new: Node, possible: frozenset[str]) -> Iterator[Finding]:
    before, after = _step(old), _step(new)
    if before == after:
        return
    if after is None:
        yield keyword_finding("multiple-of-removed", old, new, "multipleOf")
        return
    whole = not old.has("multipleOf") and "number" not in possible
    if before is None and not whole:
        yield keyword_finding("multiple-of-added", old, new, "multipleOf")
        return
    before = before if before is not None else Fraction(1)
    if (before / after).denominator == 1:
        if old.has("multipleOf"):
            yield keyword_finding("multiple-of-reduced", old, new, "multipleOf")
    elif not old.has("multipleOf"):
        yield keyword_finding("multiple-of-added", old, new, "multipleOf")
    else:
        expanded = (after / before).denominator == 1
        yield keyword_finding(f"multiple-of-{'expanded' if expanded else 'changed'}", old, new, "multipleOf")


def _step(node: Node) -> Fraction | None:
    value = node.get("multipleOf")
    return None if value is None else Fraction(Decimal(str(value)))


def compare_strings(old: Node, new: Node) -> Iterator[Finding]:
    """minLength, maxLength, pattern, and format (which validators may or may not enforce)."""
    yield from compare_counts(old, new, "maxLength", "minLength")
    before, after = old.get("pattern"), new.get("pattern")
    if before != after:
        change = "added" if before is None else "removed" if after is None else "changed"
        yield keyword_finding(f"pattern-{change}", old, new, "pattern")
    if old.get("format") != new.get("format"):
        rule = "format-removed" if new.get("format") is None else "format-changed"
        yield keyword_finding(rule, old, new, "format")
