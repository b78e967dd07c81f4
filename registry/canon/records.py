"""Systems of record: who says what an object's fields are, and where others write against it.

A claim of a field counts before a claim of the object as a whole. Two claims of the same field are a conflict unless
they are for different legal entities, or one says that it counts ``over`` the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from registry.canon.objects import CanonicalObject
from registry.kinds.mapping import MappingManifest
from registry.kinds.system import Record, SystemManifest
from registry.mappings.paths import Path, parse
from registry.mappings.schema.view import Leaf


@dataclass(frozen=True, slots=True)
class Claim:
    """A system's claim, ``position`` being its place among the system's records; ``depth``: how exact it is."""

    system: str
    position: int
    record: Record
    depth: int


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """Who is the system of record for one field: those whose claims count, and pairs of claims that clash."""

    leaf: Leaf
    claims: Sequence[Claim]
    clashes: Sequence[tuple[Claim, Claim]]

    @property
    def systems(self) -> list[str]:
        """The systems whose claims count."""
        return list(dict.fromkeys(claim.system for claim in self.claims))


def records(one: CanonicalObject, systems: Iterable[SystemManifest]) -> list[FieldRecord]:
    """Field by field, who is the system of record; the list of an object's ids is everybody's and left out."""
    if one.view is None:
        return []
    claims = [
        (system.name, position, record)
        for system in systems
        for position, record in enumerate(system.spec.records)
        if record.object == one.name
    ]
    return [_field_record(leaf, claims) for leaf in one.view.leaves if not is_id(leaf)]


def is_id(leaf: Leaf) -> bool:
    """Whether a field is the list of ids of an object, which every system adds its own to."""
    return str(leaf.path.segments[-1]) == ".ids"


def _field_record(leaf: Leaf, claims: Iterable[tuple[str, int, Record]]) -> FieldRecord:
    found = [
        Claim(system, position, record, depth)
        for system, position, record in claims
        if (depth := _depth(record, leaf.path)) is not None
    ]
    counting = [claim for claim in found if not any(_beats(other, claim) for other in found)]
    return FieldRecord(leaf, counting, [(a, b) for a, b in combinations(counting, 2) if _clash(a, b)])


def _depth(record: Record, path: Path) -> int | None:
    """How many steps of the path a claim names; none if it is of something else."""
    if not record.fields:
        return 0
    paths = [parse(text).wide for text in record.fields]
    return max((len(one.segments) for one in paths if path.wide.within(one)), default=None)


def _shared(one: Claim, other: Claim) -> bool:
    first, second = set(one.record.entities), set(other.record.entities)
    return not first or not second or bool(first & second)


def _beats(one: Claim, other: Claim) -> bool:
    if one.system == other.system or not _shared(one, other):
        return False
    return one.depth > other.depth or (one.depth == other.depth and other.system in one.record.over)


def _clash(one: Claim, other: Claim) -> bool:
    return one.system != other.system and _shared(one, other) and one.depth == other.depth


@dataclass(frozen=True, slots=True)
class Against:
    """A mapping that writes against the direction of the record.

    Into the canon what another system is the record for, or into a system what it is itself the record for.
    """

    mapping: MappingManifest
    system: str
    into_record: bool
    fields: Sequence[Leaf]
    record: Sequence[str]


def against(
    one: CanonicalObject, mappings: Iterable[MappingManifest], fields: Sequence[FieldRecord]
) -> Iterator[Against]:
    """Mappings between this object and systems that run against the records; those for comparison write nothing."""
    for mapping in mappings:
        spec = mapping.spec
        if spec.canon.schema_ != one.schema.name or spec.purpose == "comparison":
            continue
        system = spec.system.system or ""
        inward = spec.system is spec.source
        touched = [path for field in spec.fields for path in ([field.target] if inward else field.reads)]
        claimed = [held for held in fields if held.claims and any(_covers(path, held.leaf.path) for path in touched)]
        wrong = [held for held in claimed if (system in held.systems) != inward]
        if wrong:
            owners = list(dict.fromkeys(name for held in wrong for name in held.systems))
            yield Against(mapping, system, not inward, [held.leaf for held in wrong], owners)


def _covers(path: Path, leaf: Path) -> bool:
    return path.wide.within(leaf.wide) or leaf.wide.within(path.wide)


def unclaimed(fields: Iterable[FieldRecord]) -> list[Leaf]:
    """Fields for which no system is the record."""
    return [held.leaf for held in fields if not held.claims]


def by_system(fields: Iterable[FieldRecord]) -> Mapping[str, list[Leaf]]:
    """System -> the fields that it is the record for."""
    found: dict[str, list[Leaf]] = {}
    for held in fields:
        for system in held.systems:
            found.setdefault(system, []).append(held.leaf)
    return found
