"""What the target's schema requires is filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.mappings.paths import Key, Path, Segment, Where
from registry.mappings.rules import Remark
from registry.mappings.schema.view import SchemaView
from registry.mappings.way import Way


def check(way: Way) -> Iterator[Remark]:
    """Required members that no field fills, of the whole and of each object that is filled in part."""
    rule = "back-required-unmapped" if way.derived else "required-unmapped"
    for path in missing(way.target, [one.target for one in way.fields]):
        yield Remark(rule, ("spec", "fields"), f"nothing fills {path}, which the target's schema requires")


def missing(schema: SchemaView, filled: Sequence[Path]) -> list[Path]:
    """The required paths that these leave out."""
    return list(_missing(schema, Path(()), filled))


def _missing(schema: SchemaView, at: Path, filled: Sequence[Path]) -> Iterator[Path]:
    """At an object of which something is filled, but not the whole at once."""
    following = [path.segments[len(at.segments)] for path in filled]
    given = {segment.name for segment in following if isinstance(segment, Key)}
    last = at.segments[-1] if at.segments else None
    if isinstance(last, Where):
        given.add(last.name)
    for name in schema.required(at):
        if name not in given:
            yield at.then(Key(name))
    for segment in dict.fromkeys(following):
        yield from _inside(schema, at, segment, filled)


def _inside(schema: SchemaView, at: Path, segment: Segment, filled: Sequence[Path]) -> Iterator[Path]:
    below = at.then(segment)
    inside = [path for path in filled if path.within(below)]
    if below in inside:
        return  # it is filled as a whole
    yield from _missing(schema, below, inside)
