"""One direction of a mapping with the schemas at both ends: what is checked, and what coverage is counted over."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from registry.kinds.base import Path as Place
from registry.mappings.base import Table
from registry.mappings.fields import Mapped
from registry.mappings.paths import Path
from registry.mappings.reverse import WayBack
from registry.mappings.schema.view import SchemaView

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """Fields from a schema to another. ``places``: where each field stands in the manifest.

    ``back``: the other direction, where the mapping promises one; ``derived``: this is that other direction.
    ``before``: the same direction between documents of which these are new versions, and what was found out of it.
    """

    fields: Sequence[Mapped]
    places: Sequence[Place]
    source: SchemaView
    target: SchemaView
    tables: Mapping[str, Table]
    back: WayBack | None = None
    derived: bool = False
    before: Way | None = field(default=None, compare=False, repr=False)
    found: dict[Hashable, tuple[Sequence[Any], Any]] = field(default_factory=dict, compare=False, repr=False)

    def after(self, before: Way) -> Way:
        """The same, sparing what was found out of the way between older documents and rests on nothing that changed."""
        return replace(self, before=before, found={})

    def once(self, what: Hashable, rests_on: Sequence[Any], find: Callable[[], T]) -> T:
        """What is found of a thing: what was found before, if all that it rests on is the very same now.

        It may rest on what the mapping says, without naming it, and on nothing else.
        """
        held = self.before.found.get(what) if self.before else None
        if held is None or any(one is not other for one, other in zip(held[0], rests_on, strict=True)):
            held = (rests_on, find())
        self.found[what] = held
        result: T = held[1]
        return result


def driver(one: Mapped) -> Path | None:
    """The path that says how many items a field fills."""
    return max(one.sources.values(), key=lambda path: path.stars, default=None)
