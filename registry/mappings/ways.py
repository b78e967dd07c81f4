"""From a manifest and two documents to what can be checked and applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.kinds.base import Path as Place
from registry.mappings.findings import findings
from registry.mappings.reverse import WayBack, way_back
from registry.mappings.rules import LEVELS, Remark
from registry.mappings.schema.view import SchemaView
from registry.mappings.way import Way

if TYPE_CHECKING:
    from registry.kinds.mapping import MappingSpec


@dataclass(frozen=True, slots=True)
class Ways:
    """A mapping's directions: forward, and back where it says that it goes both ways."""

    forward: Way
    back: Way | None

    def after(self, before: Ways) -> Ways:
        """The same, sparing what was found out of the same mapping between older documents (see ``Way``)."""
        back = self.back.after(before.back) if self.back and before.back else self.back
        return Ways(self.forward.after(before.forward), back)


def ways(spec: MappingSpec, source: SchemaView, target: SchemaView) -> Ways:
    """The directions of a mapping between two schemas."""
    back = way_back(spec.fields, spec.reverse, spec.tables) if spec.direction == "both" else None
    places = [("spec", "fields", at) for at in range(len(spec.fields))]
    forward = Way(spec.fields, places, source, target, spec.tables, back)
    if back is None:
        return Ways(forward, None)
    return Ways(forward, Way(back.fields, _back_places(spec, back), target, source, spec.tables, derived=True))


def _back_places(spec: MappingSpec, back: WayBack) -> Sequence[Place]:
    """A stated field stands under ``reverse``; a derived one is told where the field stands that it undoes."""
    stated = {id(one): at for at, one in enumerate(spec.reverse)}
    by_target = {str(one.target): at for at, one in enumerate(spec.fields)}
    places: list[Place] = []
    for one in back.fields:
        if id(one) in stated:
            places.append(("spec", "reverse", stated[id(one)]))
        else:
            start = str(one.from_)
            places.append(("spec", "fields", by_target.get(start, by_target.get(start.removesuffix(".currency"), 0))))
    return places


def examined(both: Ways) -> list[Remark]:
    """Everything that is found in either direction, the worst first."""
    found = [*findings(both.forward), *(findings(both.back) if both.back else ())]
    return sorted(dict.fromkeys(found), key=lambda one: LEVELS.index(one.level))
