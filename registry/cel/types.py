"""The types of facts, written as people read them: ``string``, ``int?``, ``list(change)``, ``map(any)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

_SHAPE = re.compile(r"(?:(list|map)\((\w+)\)|(\w+))(\?)?")
#: What a fact is where nothing is known of it. The first moment of the calendar never is a true one.
_EMPTY: dict[str, Any] = {"string": "", "int": 0, "bool": False, "double": 0.0, "any": ""}
_SAMPLE: dict[str, Any] = {"string": "text", "int": 1, "bool": True, "double": 1.0, "any": "text"}
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
SCALARS = frozenset({*_EMPTY, "timestamp", "duration"})


@dataclass(frozen=True, slots=True)
class Type:
    """``of`` is the scalar or object, alone or as what a list or map holds; ``optional``: null where it is not known."""

    text: str
    of: str
    many: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One fact of an object: its type and what it says."""

    type: Type
    about: str


Objects = Mapping[str, Mapping[str, Member]]


def read_type(text: str) -> Type:
    """The type that a text names."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"{text!r} is no type of a fact")
    many, inner, single, optional = shape.groups()
    return Type(text, inner or single, many or "", bool(optional))


def empty(of: Type, objects: Objects) -> Any:
    """What stands for a fact of which nothing is known."""
    if of.optional:
        return None
    if of.many:
        return [] if of.many == "list" else {}
    if of.of in objects:
        return {name: empty(member.type, objects) for name, member in objects[of.of].items()}
    return _MOMENT if of.of == "timestamp" else _EMPTY[of.of]


def sample(of: Type, objects: Objects) -> Any:
    """A made-up value of a type with everything known: for trying an expression before it is kept."""
    if of.of in objects:
        one: Any = {name: sample(member.type, objects) for name, member in objects[of.of].items()}
    else:
        one = _MOMENT if of.of == "timestamp" else _SAMPLE[of.of]
    return [one] if of.many == "list" else {"text": one} if of.many == "map" else one


def fill(of: Type, given: Any, objects: Objects, place: str) -> Any:
    """A value of a type from what somebody wrote: missing members empty, times read.

    Raises ``ValueError`` with the place of what does not fit.
    """
    if given is None and of.optional:
        return None
    if of.many == "list":
        if not isinstance(given, list):
            raise ValueError(f"{place} must be a list")
        inner = Type(of.of, of.of)
        return [fill(inner, one, objects, f"{place}[{at}]") for at, one in enumerate(given)]
    if of.many == "map" or of.of in objects:
        return _filled(of, given, objects, place)
    return _scalar(of.of, given, place)


def _filled(of: Type, given: Any, objects: Objects, place: str) -> Any:
    if not isinstance(given, dict):
        raise ValueError(f"{place} must be a mapping")  # noqa: TRY004  told as the manifest's fault, like all others
    if of.many == "map":
        return {str(key): _scalar(of.of, value, f"{place}.{key}") for key, value in given.items()}
    members = objects[of.of]
    for name in given:
        if name not in members:
            raise ValueError(f"{place} has no {name!r}")
    return {
        name: fill(member.type, given[name], objects, f"{place}.{name}")
        if name in given
        else empty(member.type, objects)
        for name, member in members.items()
    }


def _scalar(of: str, given: Any, place: str) -> Any:
    if of == "any":
        return given
    if of == "timestamp":
        return moment(given, place)
    kinds: dict[str, tuple[type, ...]] = {"string": (str,), "int": (int,), "bool": (bool,), "double": (float, int)}
    if not isinstance(given, kinds[of]) or (isinstance(given, bool) and of != "bool"):
        raise ValueError(f"{place} must be {'an' if of == 'int' else 'a'} {of}")
    return float(given) if of == "double" and isinstance(given, int) else given


def moment(given: Any, place: str) -> datetime:
    """A point in time from a day or a moment. Raises ``ValueError``."""
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            raise ValueError(f"{place} must be a time, such as 2026-04-22 or 2026-04-22T10:00:00Z") from None
    if isinstance(given, datetime):
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    if isinstance(given, date):
        return datetime(given.year, given.month, given.day, tzinfo=UTC)
    raise ValueError(f"{place} must be a time, such as 2026-04-22 or 2026-04-22T10:00:00Z")
