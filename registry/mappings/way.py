"""One direction of a mapping with the schemas at both ends: what is checked, and what coverage is counted over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.kinds.base import Path as Place
from registry.mappings.base import Table
from registry.mappings.fields import Mapped
from registry.mappings.paths import Path
from registry.mappings.reverse import WayBack
from registry.mappings.schema.view import SchemaView


@dataclass(frozen=True, slots=True)
class Way:
    """Fields from a schema to another. ``places``: where each field stands in the manifest.

    ``back``: the other direction, where the mapping promises one; ``derived``: this is that other direction.
    """

    fields: Sequence[Mapped]
    places: Sequence[Place]
    source: SchemaView
    target: SchemaView
    tables: Mapping[str, Table]
    back: WayBack | None = None
    derived: bool = False


def driver(one: Mapped) -> Path | None:
    """The path that says how many items a field fills."""
    return max(one.sources.values(), key=lambda path: path.stars, default=None)
