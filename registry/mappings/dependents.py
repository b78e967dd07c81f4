"""What depends on a place of a schema: mappings' fields, and through them canonical fields and whatever reads those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.kinds.mapping import MappingManifest
from registry.mappings.fields import Mapped
from registry.mappings.paths import Path
from registry.mappings.schema.places import places
from registry.mappings.schema.view import view

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Dependent:
    """A field of a mapping that reads or fills the place; ``hops`` counts the mappings on the way, from 1."""

    mapping: MappingManifest
    field: Mapped
    source: Path
    target: Path
    reads: bool
    hops: int = 1


def dependents_of_field(mappings: Iterable[MappingManifest], subject: str, pointer: str, text: str) -> list[Dependent]:
    """The fields of mappings that depend on a place of a schema, and those that depend on what these fill.

    ``pointer`` is a JSON Pointer into the schema, whose ``text`` says which places of documents that is. A place depends
    on what is around it and inside of it. Raises ``DocumentError`` for a text that can't be read.
    """
    every = list(mappings)
    ats = {end.at for one in every for end in (one.spec.source, one.spec.target) if end.schema_ == subject}
    paths = dict.fromkeys(path for at in ats or {None} for path in places(view(text, at), pointer))
    found = {(one.mapping.name, id(one.field)): one for path in paths for one in dependents(every, subject, path)}
    return list(found.values())


def dependents(mappings: Iterable[MappingManifest], subject: str, path: Path) -> list[Dependent]:
    """The same by a path of documents; the whole document is ``Path(())``."""
    every = sorted(mappings, key=lambda one: one.name)
    found: dict[tuple[str, int], Dependent] = {}
    todo = [(subject, path, 1)]
    while todo:
        schema, place, hops = todo.pop(0)
        for one in _direct(every, schema, place, hops):
            key = (one.mapping.name, id(one.field))
            if key not in found:
                found[key] = one
                if one.reads and hops < _DEEPEST:
                    todo.append((one.mapping.spec.target.schema_, one.target, hops + 1))
    return list(found.values())


def _direct(mappings: Iterable[MappingManifest], subject: str, place: Path, hops: int) -> Iterator[Dependent]:
    for mapping in mappings:
        spec = mapping.spec
        for field in spec.fields:
            if spec.source.schema_ == subject:
                hit = next((path for path in field.reads if _touches(path, place)), None)
                if hit is not None:
                    yield Dependent(mapping, field, hit, field.target, reads=True, hops=hops)
            # What fills a place depends on it only where somebody asked for that place itself.
            if hops == 1 and spec.target.schema_ == subject and _touches(field.target, place):
                source = next(iter(field.reads), Path(()))
                yield Dependent(mapping, field, source, field.target, reads=False, hops=hops)


def _touches(path: Path, place: Path) -> bool:
    one, other = path.wide, place.wide
    return one.within(other) or other.within(one)
