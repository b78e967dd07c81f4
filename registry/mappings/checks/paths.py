"""Every path is one that its schema has."""

from __future__ import annotations

from collections.abc import Iterator

from registry.kinds.base import Path as Place
from registry.mappings.paths import Every, Key, Path, Where
from registry.mappings.rules import Remark
from registry.mappings.schema.view import SchemaView
from registry.mappings.way import Way
from registry.nearest import did_you_mean


def check(way: Way) -> Iterator[Remark]:
    """Paths that a schema does not have, or says nothing about."""
    for one, place in zip(way.fields, way.places, strict=True):
        for path in one.sources.values():
            yield from _check(way.source, path, (*place, "from"), "source")
        yield from _check(way.target, one.target, (*place, "to"), "target")


def _check(schema: SchemaView, path: Path, place: Place, side: str) -> Iterator[Remark]:
    for end, segment in enumerate(path.segments):
        if isinstance(segment, Where):
            yield from _check_where(schema, Path(path.segments[:end]), segment, place, side)
    shape = schema.shape(path)
    if shape is None:
        known = [str(leaf.path) for leaf in schema.leaves]
        hint = did_you_mean(str(path), known) or _longest(schema, path)
        yield Remark("path-unknown", place, f"the {side}'s schema has no {path}{hint}")
    elif shape.types is None:
        yield Remark("path-open", place, f"the {side}'s schema says nothing of {path}")


def _longest(schema: SchemaView, path: Path) -> str:
    """As far as the schema goes along."""
    for end in range(len(path.segments) - 1, 0, -1):
        if schema.nodes(Path(path.segments[:end])):
            return f"; it has {Path(path.segments[:end])}"
    names = [str(leaf.path) for leaf in schema.leaves[:8]]
    return f"; it has {', '.join(names)}" if names else ""


def _check_where(schema: SchemaView, before: Path, where: Where, place: Place, side: str) -> Iterator[Remark]:
    member = schema.shape(before.then(Every(), Key(where.name)))
    if schema.nodes(before) and member is None:
        yield Remark("path-unknown", place, f"the items of {before} in the {side}'s schema have no {where.name}")
    elif member is not None and member.values is not None and where.value not in member.values:
        yield Remark("path-unknown", place, f"{where.name} in {before} of the {side} is never {where.value!r}")
