"""How much of a canonical object a mapping covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.mappings.fields import Mapped
from registry.mappings.paths import Path
from registry.mappings.schema.view import Leaf, SchemaView
from registry.mappings.way import Way


@dataclass(frozen=True, slots=True)
class Coverage:
    """Fields of the target that are filled, of those that are required and of all; what is left over on both sides."""

    required: int
    required_filled: int
    total: int
    filled: int
    unfilled: Sequence[Leaf]
    unread: Sequence[Leaf]

    @property
    def complete(self) -> bool:
        """Whether all that is required is filled."""
        return self.required == self.required_filled


def coverage(way: Way) -> Coverage:
    """Counted over the places that hold values; money is one, and so is the list of an object's ids."""
    targets, reads = [one.target for one in way.fields], [path for one in way.fields for path in one.reads]
    leaves = way.target.leaves
    filled = [leaf for leaf in leaves if covered(leaf, targets)]
    needed = [leaf for leaf in leaves if leaf.required]
    return Coverage(
        required=len(needed),
        required_filled=sum(leaf in filled for leaf in needed),
        total=len(leaves),
        filled=len(filled),
        unfilled=[leaf for leaf in leaves if leaf not in filled],
        unread=[leaf for leaf in way.source.leaves if not covered(leaf, reads)],
    )


def covered(leaf: Leaf, paths: Iterable[Path]) -> bool:
    """Whether one of the paths is the leaf, or around it, or inside of it."""
    wide = leaf.path.wide
    return any(path.wide.within(wide) or wide.within(path.wide) for path in paths)


def filling(schema: SchemaView, fields: Iterable[Mapped]) -> dict[str, list[Mapped]]:
    """Each leaf of a target's schema with the fields that fill it."""
    all_fields = list(fields)
    return {str(leaf.path): [one for one in all_fields if covered(leaf, [one.target])] for leaf in schema.leaves}
