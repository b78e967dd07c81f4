"""The way back: derived where every step can be undone, stated for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.mappings.base import Table, Transform
from registry.mappings.fields import Mapped
from registry.mappings.find import written
from registry.mappings.paths import Path
from registry.mappings.transforms.tables import Enum, inverted


@dataclass(frozen=True, slots=True)
class WayBack:
    """The fields of the way back, and the places (in the list of fields) of those that have none."""

    fields: tuple[Mapped, ...]
    missing: tuple[int, ...]


def way_back(fields: Sequence[Mapped], stated: Sequence[Mapped], tables: Mapping[str, Table]) -> WayBack:
    """What leads from the target back to the source.

    A stated field takes the place of all that would be derived for the same path. A constant is left where it is.
    """
    said = {one.target for one in stated}
    undone: list[Mapped] = []
    beside: dict[tuple[Path, Path], Mapped] = {}
    missing: list[int] = []
    for position, one in enumerate(fields):
        wanted = list(one.sources.values())
        if one.one_way or not wanted:
            continue
        back = None if one.several else _undone(one, tables)
        if back is None:
            missing.append(position)
            continue
        undone.append(back)
        for step in one.steps:
            for start, end, how in step.back(wanted[0], one.target):
                beside.setdefault((start, end), _field(start, end, () if how is None else (how,)))
    # A currency goes back beside each amount, unless a field leads it back for itself.
    known = said | {one.target for one in undone}
    extra = [one for (_, end), one in beside.items() if end not in known]
    lost = [at for at in missing if not all(path in known for path in fields[at].sources.values())]
    return WayBack((*(one for one in undone if one.target not in said), *extra, *stated), tuple(lost))


def _undone(one: Mapped, tables: Mapping[str, Table]) -> Mapped | None:
    """The field that undoes one; none if a step can't be undone."""
    steps: list[Transform] = []
    for step in reversed(one.steps):
        inverse = inverted(step, step.table(tables)) if isinstance(step, Enum) else step.inverse()
        if inverse is None:
            return None
        steps.append(inverse)
    return _field(one.target, one.sources["value"], tuple(steps))


def _field(start: Path, end: Path, steps: tuple[Transform, ...]) -> Mapped:
    document = {"from": str(start), "to": str(end)} | ({"transform": written(steps)} if steps else {})
    return Mapped.model_validate(document)
