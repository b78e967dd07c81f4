"""What the pages about mappings show, from plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from registry.canon.reading import Model
from registry.kinds.mapping import MappingManifest
from registry.manifests.tree import dotted
from registry.mappings.coverage import Coverage, coverage
from registry.mappings.fields import Mapped
from registry.mappings.rules import LEVELS, RULES, Remark
from registry.mappings.way import Way
from registry.mappings.ways import Ways, examined
from ui import words

#: How a level of finding looks, and what it is called.
STATES = {"error": "breached", "warning": "overdue", "note": "pending"}
_WORDS = {"error": "Does not fit", "warning": "Should be looked at", "note": "Can't be checked"}


@dataclass(frozen=True, slots=True)
class Row:
    """A mapping in a list."""

    name: str
    title: str
    href: str
    object: str
    system: str
    source: str
    target: str
    way: str
    covered: Coverage | None
    errors: int
    warnings: int
    owner: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """An object by a system in the picture: its best mapping's coverage, and the way to it; none if there is no mapping."""

    rows: Sequence[Row]

    @property
    def share(self) -> float:
        """The share of the object's fields that are filled."""
        best = [row.covered.filled / row.covered.total for row in self.rows if row.covered and row.covered.total]
        return max(best, default=0.0)


def href(name: str) -> str:
    """The address of a mapping's page."""
    return f"/catalogue/mappings/{quote(name, safe='')}"


def object_href(name: str) -> str:
    """The address of a canonical object's page."""
    return f"/catalogue/objects/{quote(name, safe='')}"


def schema_href(name: str) -> str:
    """The address of a schema's page."""
    return f"/catalogue/schemas/{quote(name, safe='')}"


def rows(model: Model, schema: str | None = None) -> list[Row]:
    """Every mapping, or those to and from the canonical schema of that name; by name."""
    objects = {one.schema.name: name for name, one in model.objects.items()}
    chosen = [one for _, one in sorted(model.mappings.items()) if schema in {None, one.spec.canon.schema_}]
    return [_row(model, one, objects) for one in chosen]


def _row(model: Model, mapping: MappingManifest, objects: Mapping[str, str]) -> Row:
    spec = mapping.spec
    ways = model.opened(mapping)
    counted = Counter(remark.level for remark in (examined(ways) if isinstance(ways, Ways) else ways))
    inward = spec.system is spec.source
    way = "both ways" if spec.direction == "both" else "to the canon" if inward else "from the canon"
    return Row(
        mapping.name,
        mapping.title,
        href(mapping.name),
        objects.get(spec.canon.schema_, ""),
        spec.system.system or "",
        spec.source.schema_,
        spec.target.schema_,
        f"{way}, for comparison" if spec.purpose == "comparison" else way,
        coverage(ways.forward) if isinstance(ways, Ways) else None,
        counted["error"],
        counted["warning"],
        mapping.metadata.owner,
    )


def answer(found: Sequence[Row], objects: int) -> str:
    """The sentence that the list begins with."""
    if not found:
        return "No mapping is declared yet."
    systems = len({row.system for row in found})
    mapped = len({row.object for row in found if row.object})
    broken = sum(bool(row.errors) for row in found)
    told = (
        f"{words.quantity(len(found), 'mapping')} {words.verb(len(found), 'leads', 'lead')} between "
        f"{words.quantity(systems, 'system')} and {mapped} of {words.quantity(objects, 'canonical object')}."
    )
    if broken:
        return f"{told} {broken} {words.verb(broken, 'does', 'do')} not fit a schema any more."
    return f"{told} All of them fit their schemas."


def matrix(found: Iterable[Row], objects: Iterable[str]) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Systems across, objects down: which mappings lead to an object, and how much of it they fill."""
    held: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        if row.way != "from the canon":
            held.setdefault((row.object, row.system), []).append(row)
    systems = sorted({system for _, system in held})
    return systems, [(name, [Cell(held.get((name, system), [])) for system in systems]) for name in objects]


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a mapping with what was found about it."""

    number: int
    sources: Sequence[str]
    how: str
    plain: bool
    target: str
    note: str | None
    remarks: Sequence[Remark]


def lines(way: Way, remarks: Iterable[Remark], under: str) -> list[Line]:
    """The fields of a direction; ``under``: where in the manifest they stand."""
    by_place: dict[int, list[Remark]] = {}
    for remark in remarks:
        match remark.place:
            case ("spec", place, int(number), *_) if place == under and remark.level != "note":
                by_place.setdefault(number, []).append(remark)
    return [_line(number, one, by_place.get(number, [])) for number, one in enumerate(way.fields)]


def _line(number: int, one: Mapped, remarks: Sequence[Remark]) -> Line:
    sources = [str(path) for path in one.sources.values()]
    return Line(number, sources, one.told(), not one.steps and one.default is None, str(one.target), one.note, remarks)


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of one level."""

    heading: str
    state: str
    remarks: Sequence[tuple[Remark, str, str]]


def findings(remarks: Sequence[Remark]) -> list[Found]:
    """By level, the worst first: each with its place in the manifest, and what its rule means."""
    return [
        Found(
            f"{_WORDS[level]} ({len(these)})",
            STATES[level],
            [(one, dotted(one.place), RULES[one.rule].means) for one in these],
        )
        for level in LEVELS
        if (these := [one for one in remarks if one.level == level])
    ]


def mapping_answer(title: str, ways: Ways | list[Remark], remarks: Sequence[Remark]) -> str:
    """The sentence that a mapping's page begins with."""
    if not isinstance(ways, Ways):
        return f"{title} can't be read: {'; '.join(one.message for one in ways) or 'a schema of it is not declared'}."
    covered = coverage(ways.forward)
    errors = sum(one.level == "error" for one in remarks)
    warnings = sum(one.level == "warning" for one in remarks)
    told = (
        f"{words.quantity(len(ways.forward.fields), 'line')} {words.verb(len(ways.forward.fields), 'fills', 'fill')} "
        f"{covered.filled} of {words.quantity(covered.total, 'field')} of the target, {_required(covered)}."
    )
    if errors:
        return f"{told} {words.quantity(errors, 'thing')} {words.verb(errors, 'does', 'do')} not fit."
    if warnings:
        return f"{told} {words.quantity(warnings, 'thing')} should be looked at."
    return f"{told} Everything fits."


def _required(covered: Coverage) -> str:
    if covered.complete:
        return f"all {covered.required} required ones among them"
    return f"{covered.required_filled} of the {covered.required} required ones among them"
