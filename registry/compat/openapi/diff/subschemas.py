"""Which branches of allOf, anyOf or oneOf belong to each other in two documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.compat.openapi.diff.shape import Branch

Same = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Matching:
    """Branches that only one side has, and pairs that both have and that may differ."""

    added: tuple[Branch, ...]
    removed: tuple[Branch, ...]
    common: tuple[tuple[Branch, Branch], ...]


def match(old: Sequence[Branch], new: Sequence[Branch], same: Same) -> Matching:
    """Pair branches: references by name; those written in place by content, by title, else one left with one left.

    ``same`` says whether two values are equal, with all that they refer to.
    """
    removed, added = list(old), list(new)
    common: list[tuple[Branch, Branch]] = []
    _take(removed, added, lambda branch: branch.reference, common)
    _drop_equal(removed, added, same)
    _take(removed, added, _title, common)
    left, right = [[branch for branch in side if not branch.reference] for side in (removed, added)]
    if len(left) == len(right) == 1:
        common.append((left[0], right[0]))
        removed.remove(left[0])
        added.remove(right[0])
    differing = tuple((before, after) for before, after in common if not same(before.value, after.value))
    return Matching(tuple(added), tuple(removed), differing)


def _title(branch: Branch) -> str:
    title = branch.value.get("title")
    return title if isinstance(title, str) and not branch.reference else ""


def _take(
    removed: list[Branch], added: list[Branch], key: Callable[[Branch], str], common: list[tuple[Branch, Branch]]
) -> None:
    """Move pairs of the same, non-empty key from the two lists to ``common``."""
    waiting: dict[str, list[Branch]] = {}
    for branch in added:
        if name := key(branch):
            waiting.setdefault(name, []).append(branch)
    for branch in list(removed):
        partners = waiting.get(key(branch))
        if partners:
            partner = partners.pop(0)
            common.append((branch, partner))
            removed.remove(branch)
            added.remove(partner)


def _drop_equal(removed: list[Branch], added: list[Branch], same: Same) -> None:
    for before in [branch for branch in removed if not branch.reference]:
        for after in added:
            if not after.reference and same(before.value, after.value):
                removed.remove(before)
                added.remove(after)
                break
