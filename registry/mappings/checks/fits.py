"""What arrives, after all transforms, may stand where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from registry.kinds.base import Path as Place
from registry.mappings.base import Table
from registry.mappings.engine import exact
from registry.mappings.fields import Mapped
from registry.mappings.paths import Path, parse
from registry.mappings.rules import Remark
from registry.mappings.schema.view import SchemaView
from registry.mappings.shapes import Shape, shape_of
from registry.mappings.transforms.tables import Enum, collisions
from registry.mappings.way import Way, driver

_TIMES = frozenset({"date", "date-time", "time"})
_BOUNDED = frozenset({"date", "date-time", "time", "uuid"})


@dataclass(slots=True)
class _Asking:
    """What transforms ask of the source, and what they tell."""

    source: SchemaView
    stars: int
    tables: Mapping[str, Table]
    names: frozenset[str]
    told: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, rule: str, message: str) -> None:
        """Keep it, once."""
        if (rule, message) not in self.told:
            self.told.append((rule, message))

    def shape(self, text: str) -> Shape | None:
        """The shape at a path that is no deeper in lists than the value."""
        path = parse(text)
        return self.source.shape(path) if path.stars <= self.stars else None


def check(way: Way) -> Iterator[Remark]:
    """Everything about types, forms, lengths, values, units and what may be missing."""
    for position, (one, place) in enumerate(zip(way.fields, way.places, strict=True)):
        shapes = [*map(way.source.shape, one.reads), way.target.shape(one.target)]
        yield from way.once(("fits", position), shapes, partial(_told, way, one, place))


def _told(way: Way, one: Mapped, place: Place) -> list[Remark]:
    """What is found of one field. It rests on the shapes of what it reads and of where it goes."""
    target = way.target.shape(one.target)
    shapes = {name: way.source.shape(path) for name, path in one.sources.items()}
    if target is None or None in shapes.values():
        return []  # told by the paths
    start = driver(one)
    asking = _Asking(way.source, start.stars if start else 0, way.tables, frozenset(one.sources))
    arriving = _through(one, {name: shape for name, shape in shapes.items() if shape}, asking)
    where: Place = (*place, "transform") if one.steps else place
    told = list(_tables(one, shapes.get("value"), where)) if not way.derived else []
    for rule, message in asking.told:
        if not (way.derived and rule in {"unit-unverified", "enum-extra"}):
            told.append(Remark(rule, where, message))
    return [*told, *_compare(arriving, target, one, way, place)]


def _through(one: Mapped, shapes: Mapping[str, Shape], asking: _Asking) -> Shape:
    """The shape of what arrives."""
    if not shapes:
        shape = Shape()
    elif one.several:
        lengths = [held.max_length for held in shapes.values()]
        shape = Shape(
            frozenset({"string"}) if all(held.only("string") for held in shapes.values()) else None,
            optional=all(held.optional or held.nullable for held in shapes.values()),
            max_length=sum(length or 0 for length in lengths) + 20 * len(lengths) if None not in lengths else None,
        )
    else:
        shape = shapes["value"]
    for step in one.steps:
        shape = step.fit(shape, asking)
        asking.names = frozenset({"value"})  # only the first gets values by their own names
    if one.default is None:
        return shape
    own = shape_of(exact(one.default))
    values = (*shape.values, *(own.values or ())) if shape.values is not None else None
    types = None if shape.types is None else shape.types | (own.types or frozenset())
    return shape.but(types=types, values=values, optional=False, nullable=False)


def _tables(one: Mapped, source: Shape | None, where: Place) -> Iterator[Remark]:
    first = next(iter(one.steps), None)
    if isinstance(first, Enum) and source is not None and source.values is None and not source.only("boolean"):
        yield Remark("enum-open", where, f"the source's schema does not list the values of {one.from_}")
    for step in one.steps:
        if isinstance(step, Enum) and step.values is not None:
            for value, keys in collisions(step.values):
                if str(value) not in step.back_:
                    yield Remark("enum-lossy", where, f"{', '.join(keys)} all become {value!r}")


def _compare(arriving: Shape, target: Shape, one: Mapped, way: Way, place: Place) -> Iterator[Remark]:
    what = str(one.from_) if isinstance(one.from_, str) else "what arrives"
    told = list(_types(arriving, target, what, one.target))
    if not told:
        told = [*_units(arriving, target, what, one.target), *_texts(arriving, target, what, one.target)]
        told += _values(arriving, target, what, one.target)
    if not way.derived and (arriving.optional or arriving.nullable) and _needed(way.target, one.target):
        told.append(("may-be-missing", f"{one.target} is required, and {what} may be missing; say a default"))
    if way.derived:  # units were settled on the way here
        told = [(rule, message) for rule, message in told if rule != "unit-unnamed"]
    yield from (Remark(rule, place, message) for rule, message in told)


def _types(arriving: Shape, target: Shape, what: str, to: Path) -> Iterator[tuple[str, str]]:
    if target.money and not arriving.money and arriving.types is not None:
        yield "money-unnamed", f"{to} is money, and {what} is {arriving.said}: say minor_units or money"
        return
    if arriving.types is None or target.types is None or not arriving.types:
        return
    allowed = target.types | ({"integer"} if "number" in target.types else set())
    if not arriving.types & allowed:
        hint = "; say amount or to_minor_units" if arriving.money else ""
        yield "type-mismatch", f"{to} takes {target.said}, and {what} is {arriving.said}{hint}"
    elif not arriving.types <= allowed:
        yield "type-uncertain", f"{to} takes {target.said}, and {what} may be {arriving.said}"


def _units(arriving: Shape, target: Shape, what: str, to: Path) -> Iterator[tuple[str, str]]:
    if arriving.unit == target.unit or not (arriving.types or frozenset()) & {"integer", "number", "string"}:
        return
    if arriving.unit and target.unit:
        yield "unit-mismatch", f"{to} is in {target.unit}, and {what} in {arriving.unit}"
    elif arriving.values is None or len(arriving.values) != 1:  # a constant is in the unit that its author meant
        named, silent = (to, what) if target.unit else (what, to)
        yield "unit-unnamed", f"{named} is in {target.unit or arriving.unit}, and the schema names no unit of {silent}"


def _texts(arriving: Shape, target: Shape, what: str, to: Path) -> Iterator[tuple[str, str]]:
    if arriving.types is None or "string" not in arriving.types or arriving.values is not None:
        return
    if target.format is not None and arriving.format != target.format:
        if arriving.format in _TIMES and target.format in _TIMES:
            yield "format-mismatch", f"{to} takes a {target.format}, and {what} is a {arriving.format}"
        elif target.format == "date-time" and arriving.zone is not None:
            yield "format-mismatch", f"{to} takes a date-time, and {what} is a time in {arriving.zone}; say local_time"
        else:
            yield "format-unverified", f"{to} takes {target.format}, and the schema does not promise that of {what}"
    if target.max_length is None or arriving.format in _BOUNDED:
        return
    if arriving.max_length is None:
        yield "length-unbounded", f"{to} takes {target.max_length} characters, and {what} has no bound"
    elif arriving.max_length > target.max_length:
        lengths = f"{target.max_length} characters, and {what} may have {arriving.max_length}"
        yield "too-long", f"{to} takes {lengths}; say truncate: {target.max_length}"


def _values(arriving: Shape, target: Shape, what: str, to: Path) -> Iterator[tuple[str, str]]:
    if arriving.values is None:
        if target.values is not None and arriving.types is not None:
            yield "value-uncertain", f"{to} takes {_listed(target.values)}, and {what} may be anything"
        return
    wrong = [one for one in arriving.values if target.values is not None and one not in target.values]
    if wrong:
        yield "value-not-allowed", f"{to} takes {_listed(target.values or ())}, and {_listed(tuple(wrong))} may arrive"
        return
    unlike = [one for one in arriving.values if isinstance(one, str) and not _like(target.pattern, one)]
    if unlike:
        yield "value-not-allowed", f"{to} takes what is like {target.pattern}, and {_listed(tuple(unlike))} may arrive"
    longest = max((one for one in arriving.values if isinstance(one, str)), key=len, default="")
    if target.max_length is not None and len(longest) > target.max_length:
        yield "too-long", f"{to} takes {target.max_length} characters, and {longest!r} may arrive"


def _needed(schema: SchemaView, to: Path) -> bool:
    shape = schema.shape(to)
    return shape is not None and not shape.optional


def _like(pattern: str | None, text: str) -> bool:
    try:
        return pattern is None or re.search(pattern, text) is not None
    except re.error:
        return True


def _listed(values: tuple[Any, ...]) -> str:
    shown = ", ".join(repr(one) for one in values[:8])
    return f"{shown} and {len(values) - 8} more" if len(values) > 8 else shown  # noqa: PLR2004  what a line holds
