"""The schemas that can be reached from a body or a parameter, as far as they differ."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from registry.compat.openapi.diff.schema import SchemaDiff


@dataclass(frozen=True, slots=True)
class Reached:
    """A schema that differs in itself. ``label`` is its path from where the walk began ("" for the beginning)."""

    label: str
    required: bool
    diff: SchemaDiff


@dataclass(slots=True, eq=False)
class Unit:
    """A schema with all that is written in place inside it, up to what it refers to.

    ``items`` differ in themselves, ``outs`` are the units referred to with the path that leads there. ``reach`` has one
    bit for each unit that can be reached, this one included.
    """

    index: int
    diff: SchemaDiff
    items: tuple[Reached, ...]
    outs: tuple[tuple[str, SchemaDiff], ...]
    reach: int


class Walk:
    """Unfolds differences by units, each of them once, so that shared schemas in circles cost no more than their edges.

    A schema is told of once from each beginning, where it is met first (twice if some need it and some don't).
    """

    def __init__(self) -> None:
        self._units: dict[int, Unit] = {}
        self._order: list[Unit] = []
        self._telling = 0

    def unit(self, root: SchemaDiff) -> Unit:
        """The unit of a schema, with its reach."""
        if id(root) not in self._units:
            self._settle(self._discover(root))
        return self._units[id(root)]

    def named(self, start: Unit) -> list[Reached]:
        """All that differs from a unit on, breadth first, with whole labels."""
        found, told = [], set()
        entered, pending = {start.index}, deque([("", start)])
        while pending:
            label, unit = pending.popleft()
            for item in unit.items:
                key = (id(item.diff), item.required)
                if key not in told:
                    told.add(key)
                    found.append(Reached(label + item.label, item.required, item.diff))
            for path, diff in unit.outs:
                following = self._units[id(diff)]
                if following.index not in entered:
                    entered.add(following.index)
                    pending.append((label + path, following))
        return found

    def beyond(self, start: Unit) -> int:
        """The bits of the units that a unit refers to, directly or not, and in which something differs in itself."""
        reach = 0
        for _, diff in start.outs:
            reach |= self._units[id(diff)].reach
        return reach & self._telling

    def items(self, mask: int) -> list[Reached]:
        """All that differs in some units, with labels that begin in each."""
        return [item for index in bits(mask) for item in self._order[index].items]

    def _discover(self, root: SchemaDiff) -> list[Unit]:
        new: list[Unit] = []
        pending = [root]
        while pending:
            diff = pending.pop()
            if id(diff) not in self._units:
                items, outs = _inside(diff)
                index = len(self._order)
                unit = self._units[id(diff)] = Unit(index, diff, items, outs, 1 << index)
                self._order.append(unit)
                self._telling |= unit.reach if items else 0
                new.append(unit)
                pending += [target for _, target in outs]
        return new

    def _settle(self, new: list[Unit]) -> None:
        """Let each new unit reach what its outs reach, until nothing is added; older ones lead to none of these."""
        users: dict[int, list[Unit]] = {}
        for unit in new:
            for _, diff in unit.outs:
                users.setdefault(id(diff), []).append(unit)
        pending = deque(reversed(new))
        waiting = {unit.index for unit in new}
        while pending:
            unit = pending.popleft()
            waiting.discard(unit.index)
            reach = unit.reach
            for _, diff in unit.outs:
                reach |= self._units[id(diff)].reach
            if reach != unit.reach:
                unit.reach = reach
                grown = [user for user in users.get(id(unit.diff), ()) if user.index not in waiting]
                waiting.update(user.index for user in grown)
                pending += grown


class Tally:
    """For how many different operations each unit was told of, up to a limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._operations: dict[int, set[str]] = {}
        self._full = self._once = 0

    def has_all(self, mask: int, *, once: bool) -> bool:
        """Whether every unit of a mask was told of often enough, or at least once if that is enough."""
        return not mask & ~(self._once if once else self._full)

    def count(self, mask: int, operation: str) -> None:
        """Take note of an operation that all units of a mask are told of for."""
        self._once |= mask
        for index in bits(mask & ~self._full):
            operations = self._operations.setdefault(index, set())
            operations.add(operation)
            if len(operations) >= self._limit:
                self._full |= 1 << index


def bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _inside(root: SchemaDiff) -> tuple[tuple[Reached, ...], tuple[tuple[str, SchemaDiff], ...]]:
    items: list[Reached] = []
    outs: dict[int, tuple[str, SchemaDiff]] = {}
    entered = {id(root)}
    pending = deque([("", root)])
    while pending:
        label, diff = pending.popleft()
        required = frozenset(diff.new.required)
        for child in diff.children:
            path = label + child.label
            if child.diff.facets:
                items.append(Reached(path, child.name in required, child.diff))
            if child.shared:
                outs.setdefault(id(child.diff), (path, child.diff))
            elif id(child.diff) not in entered:
                entered.add(id(child.diff))
                pending.append((path, child.diff))
    return tuple(items), tuple(outs.values())
