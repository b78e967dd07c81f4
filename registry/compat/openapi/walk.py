"""The schemas that can be reached from a body or a parameter, as far as they differ."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from registry.compat.openapi.diff.schema import SchemaDiff


@dataclass(frozen=True, slots=True)
class Reached:
    """A schema that differs in itself. ``label`` is its path from the root ("" for the root), as a person reads it."""

    label: str
    required: bool
    diff: SchemaDiff


class Walk:
    """Unfolds a difference breadth first: each schema is gone into once, however many ways lead to it.

    So the work is bounded by the edges between schemas that differ, also where they refer to each other in circles.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Reached, ...]] = {}

    def from_root(self, root: SchemaDiff) -> tuple[Reached, ...]:
        """What differs in a schema and in those inside it; the same root is walked once."""
        found = self._seen.get(id(root))
        if found is None:
            found = self._seen[id(root)] = _walk(root)
        return found


def _walk(root: SchemaDiff) -> tuple[Reached, ...]:
    found: list[Reached] = [Reached("", required=False, diff=root)] if root.facets else []
    entered = {id(root)}
    pending = deque([("", root)])
    while pending:
        label, diff = pending.popleft()
        required = frozenset(diff.new.required)
        for child in diff.children:
            path = (label + child.label).removeprefix(".")
            if child.diff.facets:
                found.append(Reached(path, child.name in required, child.diff))
            if id(child.diff) not in entered:
                entered.add(id(child.diff))
                pending.append((path, child.diff))
    return tuple(found)
