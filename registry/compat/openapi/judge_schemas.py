"""Calling the checks of schemas with every schema that can be reached from a body, a parameter or a header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.compat.openapi.diff.schema import SchemaDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.load import schema_checks
from registry.compat.openapi.place import Place
from registry.compat.openapi.report import SHOWN_OPERATIONS, Reporter, Spot
from registry.compat.openapi.walk import Reached, Tally, Walk

# A body that became one of several is one change: these say the same again.
_SAID_BY_WRAPPED = frozenset({"type", "types", "properties", "required", "oneOf"})


@dataclass(frozen=True, slots=True)
class Root:
    """A schema to walk from: the ids' prefixes for it and for what is inside, and how values are written.

    ``inner_prefix`` is empty where nothing inside has rules. ``days``, ``location`` and ``required`` are the Place's.
    """

    prefix: str
    inner_prefix: str
    text: bool
    days: int
    location: str = ""
    required: bool = False


class SchemaJudge:
    """Judges each schema once and tells of it wherever it shows, as far as the report wants to hear of it."""

    def __init__(self, report: Reporter, context: Context) -> None:
        self._report, self._context = report, context
        self._walk = Walk()
        self._told: dict[Root, Tally] = {}
        self._known: dict[tuple[int, str, Root, bool], tuple[Found, ...]] = {}
        self._counted: dict[tuple[int, Root], set[str]] = {}

    def judge(self, diff: SchemaDiff, root: Root, spot: Spot) -> None:
        """Report all that differs from a root on, at a spot that is the root's own."""
        if diff.facets:
            self._tell(Reached("", required=root.required, diff=diff), root, spot)
        if not root.inner_prefix:
            return
        unit = self._walk.unit(diff)
        beyond = self._walk.beyond(unit)
        tally = self._told.setdefault(root, Tally(SHOWN_OPERATIONS))
        if not tally.has_all(beyond, once=self._report.crowded):
            tally.count(beyond, spot.operation)
            self._tell_all(self._walk.named(unit), root, spot)
            return
        self._tell_all(unit.items, root, spot)
        self._group(beyond, root).add(spot.operation)

    def _tell_all(self, items: Iterable[Reached], root: Root, spot: Spot) -> None:
        for reached in items:
            self._tell(reached, root, spot)

    def _tell(self, reached: Reached, root: Root, spot: Spot) -> None:
        old, new = reached.diff.old.node, reached.diff.new.node
        label = reached.label.removeprefix(".")
        phrase = f"property `{label}` of {spot.phrase}" if label else spot.phrase
        at = Spot(spot.operation, spot.place, phrase, old, new, label)
        self._report.add(self._found(reached, root), at)

    def _group(self, mask: int, root: Root) -> set[str]:
        """The operations that all that differs in some units was only counted for, having been told of enough."""
        group = self._counted.get((mask, root))
        if group is None:
            group = self._counted[mask, root] = set()
            for reached in self._walk.items(mask):
                for item in self._found(reached, root):
                    part = self._report.part(item, reached.diff.old.node, reached.diff.new.node)
                    if part is not None and not any(other is group for other in part.groups):
                        part.groups.append(group)
        return group

    def _found(self, reached: Reached, root: Root) -> tuple[Found, ...]:
        """What the checks say of one schema; asked once, however many operations show it."""
        prefix = root.inner_prefix if reached.label else root.prefix
        key = (id(reached.diff), prefix, root, reached.required)
        found = self._known.get(key)
        if found is None:
            place = Place(prefix, reached.diff, root.text, root.location, reached.required, root.days, self._context)
            found = self._known[key] = tuple(_run(place))
        return found


def _run(place: Place) -> Iterator[Found]:
    facets = place.diff.facets
    if place.prefix.endswith("-body") and "wrapped" in facets:
        facets -= _SAID_BY_WRAPPED
    else:
        facets -= {"wrapped"}
    for check in schema_checks(facets):
        yield from check.run(place)
