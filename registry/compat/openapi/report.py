"""From what checks found to changes with a pointer, a sentence and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from registry.compat.json_lines import escape
from registry.compat.model import Change, Level
from registry.compat.openapi.diff.model import Node
from registry.compat.openapi.found import Found
from registry.compat.openapi.load import rules_by_id

# One change of a shared schema is told for so many operations by name; the rest are counted.
SHOWN_OPERATIONS: Final = 50
# Past so many changes, each further one is told for one operation only: nobody reads on, and memory stays bounded.
SHOWN_CHANGES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of an operation: its name for a person (``phrase``) and for a machine (``place``), and its two nodes."""

    operation: str
    place: str
    phrase: str
    old: Node | None
    new: Node | None
    label: str = ""


@dataclass(slots=True)
class Part:
    """All that is said of one change of one part: changes by their arguments, and the operations that it reaches.

    ``groups`` are further operations, in sets that many parts have in common.
    """

    changes: dict[tuple[str, ...], Change] = field(default_factory=dict)
    operations: set[str] = field(default_factory=set)
    groups: list[set[str]] = field(default_factory=list)

    @property
    def untold(self) -> int:
        """For how many operations it was only counted."""
        named = {change.arguments[0] for change in self.changes.values()}
        return len(self.operations.union(*self.groups)) - len(named)


class Reporter:
    """Collects changes. The same change of the same part is told for at most ``SHOWN_OPERATIONS`` by name.

    Every part that changed is told of at least once, however many there are.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[Any, ...], Part] = {}
        self._rules = rules_by_id()
        self._count = 0

    def add(self, found: Iterable[Found], spot: Spot) -> None:
        """Take what a check found at a place. A place that has no rule for it has no finding."""
        for item in found:
            old, new = item.nodes or (spot.old, spot.new)
            part = self.part(item, old, new)
            if part is None:
                continue
            part.operations.add(spot.operation)
            if len(part.operations) <= (1 if self.crowded else SHOWN_OPERATIONS):
                change = _change(item, spot, old, new)
                part.changes.setdefault(change.arguments, change)
                self._count += 1

    @property
    def crowded(self) -> bool:
        """Whether so much was told that each further change is told for one operation only."""
        return self._count >= SHOWN_CHANGES

    def part(self, item: Found, old: Node | None, new: Node | None) -> Part | None:
        """What is kept of one finding at two nodes; None where the place has no rule for it."""
        if item.rule not in self._rules:
            return None
        key = (item.rule, old and old.pointer, new and new.pointer, item.keys, item.facts, _text(item.new))
        return self._parts.setdefault(key, Part())

    def breaking(self) -> bool:
        """Whether anything so far hurts someone."""
        return any(self._rules[key[0]].level is Level.BREAKING for key in self._parts)

    def changes(self) -> list[Change]:
        """All changes, worst first, else in the order in which they were found."""
        found: list[Change] = []
        for part in self._parts.values():
            found += part.changes.values()
            if untold := part.untold:
                found.append(_summary(found[-1], untold))
        order = list(Level)
        return sorted(found, key=lambda change: order.index(change.level))


def _summary(first: Change, count: int) -> Change:
    operations = "1 further operation" if count == 1 else f"{count} further operations"
    _, _, said = first.message.partition(": ")
    return replace(first, message=f"{operations}: {said}", arguments=("*", *first.arguments[1:]))


def _change(item: Found, spot: Spot, old: Node | None, new: Node | None) -> Change:
    rule = rules_by_id()[item.rule]
    before, _, after = item.what.partition("{}")
    phrase = spot.phrase if before != item.what else ""
    said = f"{before}{phrase}{after}; {rule.why}"
    old_path, new_path = _path(old, item.keys), _path(new, item.keys)
    path = new_path or old_path or (new or old or Node("", {})).pointer
    facts = item.facts or tuple(_text(value) for value in (item.old, item.new) if value is not None)
    return Change(
        rule.id,
        rule.level,
        path,
        f"{spot.operation}: {said}" if spot.operation else said,
        hint=rule.migrate,
        old_path=old_path,
        new_path=new_path,
        old=item.old,
        new=item.new,
        arguments=(item.operation or spot.operation, spot.place, spot.label, *item.keys, *facts),
    )


def _path(node: Node | None, keys: tuple[str, ...]) -> str | None:
    """The pointer of what the keys lead to; None if this document has nothing there."""
    if node is None:
        return None
    pointer, value = node.pointer, node.value
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        pointer, value = f"{pointer}/{escape(key)}", value[key]
    return pointer


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
