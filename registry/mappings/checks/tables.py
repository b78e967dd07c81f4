"""Tables are there."""

from __future__ import annotations

from collections.abc import Iterator

from registry.mappings.rules import Remark
from registry.mappings.transforms.money import MinorUnits, Money
from registry.mappings.transforms.tables import Enum, Lookup
from registry.mappings.way import Way
from registry.nearest import did_you_mean


def check(way: Way) -> Iterator[Remark]:
    """Names of tables that the mapping does not have."""
    if way.derived:
        return
    for one, place in zip(way.fields, way.places, strict=True):
        for step in one.steps:
            name = step.table_ if isinstance(step, Enum | Lookup | MinorUnits | Money) else None
            if name is not None and name not in way.tables:
                hint = did_you_mean(name, way.tables) or f"; it has {', '.join(way.tables) or 'none'}"
                yield Remark("table-unknown", (*place, "transform"), f"there is no table {name!r}{hint}")
