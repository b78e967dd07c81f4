"""Applying a mapping to a payload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from registry.mappings.base import At, RefusedError, Resolver, Table
from registry.mappings.fields import Mapped
from registry.mappings.paths import MISSING, Bindings, Index, Key, Path, PathError, expand, length, read, write
from registry.mappings.transforms.expression import Named

#: How many values one payload may give before it is refused rather than worked on for minutes.
MOST_VALUES = 200_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that could not be filled: its place in the list of fields, the paths, and one sentence."""

    field: int
    source: str
    target: str
    message: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A value of the result and where it comes from, both by paths without ``[*]``."""

    field: int
    sources: tuple[str, ...]
    target: str
    value: Any
    default: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a payload becomes, what could not be done, and where each value comes from."""

    value: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    filled: tuple[Filled, ...] = ()


@dataclass(slots=True)
class _Work:
    payload: Any
    at: At
    root: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    filled: list[Filled] = field(default_factory=list)


def apply(
    fields: Sequence[Mapped],
    payload: Any,
    *,
    tables: Mapping[str, Table] | None = None,
    resolve: Resolver | None = None,
) -> Outcome:
    """What the payload becomes by these fields.

    Numbers that are not whole must be ``Decimal``, or floats, which are read as they are written. A field whose source
    is not there, or null, and that has no default leaves nothing behind. A field that can't be filled is a problem and
    the rest goes on.
    """
    exact_payload = exact(payload)
    work = _Work(exact_payload, At(exact_payload, (), tables or {}, resolve))
    order = sorted(range(len(fields)), key=lambda at: _outer(fields[at]))
    for position in order:
        for bindings in _places(work, fields[position]):
            _fill(work, position, fields[position], bindings)
            if len(work.filled) > MOST_VALUES:
                problem = Problem(position, "", fields[position].to, f"the payload gives over {MOST_VALUES:,} values")
                return Outcome(work.root, (*work.problems, problem), tuple(work.filled))
    return Outcome(work.root, tuple(work.problems), tuple(sorted(work.filled, key=lambda one: one.field)))


def exact(value: Any) -> Any:
    """The same with every float as the decimal that it is written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: exact(one) for key, one in value.items()}
    return [exact(one) for one in value] if isinstance(value, list) else value


def _driver(one: Mapped) -> Path | None:
    return max(one.sources.values(), key=lambda path: path.stars, default=None)


def _outer(one: Mapped) -> bool:
    """Whether it goes into the items that other fields make, so that it has to wait for them."""
    driver = _driver(one)
    return one.target.stars > (driver.stars if driver else 0)


def _places(work: _Work, one: Mapped) -> Iterator[Bindings]:
    """The items that a field fills: those of its source, or those that are there by now."""
    driver = _driver(one)
    if driver is None or _outer(one):
        yield from list(expand(work.root, one.target))
        return
    with suppress(PathError):  # what stands in the way is told by the field that is written
        _make_room(work, driver, one.target, ())
    yield from expand(work.payload, driver)


def _make_room(work: _Work, driver: Path, target: Path, bindings: Bindings) -> None:
    """The lists of the target with an item for each of the source's, so that each keeps its place among the others."""
    depth = len(bindings)
    count = length(work.payload, driver, bindings) if depth < min(driver.stars, target.stars) else None
    if count is None:
        return
    place = target.lists()[depth].bound(bindings)
    _make(work, place, [])
    after = target.segments[len(place.segments) + 1 :]
    for at in range(count):
        if after:
            _make(work, place.then(Index(at)), {} if isinstance(after[0], Key) else [])
        _make_room(work, driver, target, (*bindings, at))


def _make(work: _Work, place: Path, empty: Any) -> None:
    if read(work.root, place) is MISSING:
        write(work.root, place, empty)


def _fill(work: _Work, position: int, one: Mapped, bindings: Bindings) -> None:
    target = one.target.bound(bindings)
    places = {name: path.bound(bindings[: path.stars]) for name, path in one.sources.items()}
    found = {name: read(work.payload, path) for name, path in places.items()}
    value, default = _start(one, found)
    try:
        if value is not MISSING and not default:
            at = replace(work.at, bindings=bindings)
            for step in one.steps:
                value = step.apply(value, at)
                if value is None:
                    break
        if value is None or value is MISSING:
            if one.default is None:
                return
            value, default = exact(one.default), True
        write(work.root, target, value)
    except (RefusedError, PathError) as error:
        sources = ", ".join(map(str, places.values()))
        work.problems.append(Problem(position, sources, str(target), str(error)))
        return
    sources_used = tuple(str(places[name]) for name, held in found.items() if held is not MISSING)
    work.filled.append(Filled(position, () if default else sources_used, str(target), value, default))


def _start(one: Mapped, found: Mapping[str, Any]) -> tuple[Any, bool]:
    """What the transforms begin with, and whether it is the default."""
    if one.from_ is None:
        return "", False  # a constant asks for nothing
    there = {name: value for name, value in found.items() if value is not MISSING and value is not None}
    if not there:
        return (MISSING, False) if one.default is None else (exact(one.default), True)
    return (Named({name: there.get(name) for name in found}), False) if one.several else (found["value"], False)
