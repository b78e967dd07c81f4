"""Places in a document: a subset of JSONPath (RFC 9535).

Names by dot or in brackets (``customer.name``, ``['odata.etag']``), ``[0]``, ``[*]`` for every item of a list, and
``[?@.type=='stripe.invoice']`` for the one item of a list whose member says so. The leading ``$.`` may be left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias


class PathError(ValueError):
    """A path that can't be read, or a place where it can't be written; one sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """A member of an object."""

    name: str

    def __str__(self) -> str:
        return f".{self.name}" if _PLAIN.fullmatch(self.name) else f"[{_quoted(self.name)}]"


@dataclass(frozen=True, slots=True)
class Index:
    """An item of a list, from 0."""

    at: int

    def __str__(self) -> str:
        return f"[{self.at}]"


@dataclass(frozen=True, slots=True)
class Every:
    """Each item of a list."""

    def __str__(self) -> str:
        return "[*]"


@dataclass(frozen=True, slots=True)
class Where:
    """The first item of a list whose member ``name`` is ``value``."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"[?@{Key(self.name)}=={_quoted(self.value)}]"


Segment: TypeAlias = Key | Index | Every | Where
Bindings: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Path:
    """Steps from the top of a document."""

    segments: tuple[Segment, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Found out once: paths are what most is looked up by."""
        return hash(self.segments)

    def __str__(self) -> str:
        text = "".join(map(str, self.segments))
        return text.removeprefix(".") or "$"

    def then(self, *more: Segment) -> Path:
        """The same, some steps on."""
        return Path((*self.segments, *more))

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """Which of its steps go through a list item by item."""
        return tuple(at for at, segment in enumerate(self.segments) if isinstance(segment, Every))

    @property
    def stars(self) -> int:
        """How many lists it goes through item by item."""
        return len(self._places)

    @cached_property
    def wide(self) -> Path:
        """The same with every item in place of a chosen one."""
        return Path(tuple(one if isinstance(one, Key) else Every() for one in self.segments))

    def within(self, other: Path) -> bool:
        """Whether it is the other path, or leads to something inside of it."""
        return self.segments[: len(other.segments)] == other.segments

    def bound(self, bindings: Bindings) -> Path:
        """With the first of its lists fixed to these items."""
        if not bindings or not self._places:
            return self
        segments = list(self.segments)
        for place, at in zip(self._places, bindings, strict=False):
            segments[place] = Index(at)
        return Path(tuple(segments))

    def lists(self) -> list[Path]:
        """The path of each list that it goes through item by item, outermost first."""
        return [Path(self.segments[:at]) for at in self._places]


_PLAIN = re.compile(r"[^\W\d]\w*")
_STEP = re.compile(
    r"""\.?(?P<name>[^\s.\[\]'"*?@$(){}=]+)
      | \[(?P<index>\d+)\]
      | (?P<every>\[\*\])
      | \[\s*(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\]
      | \[\s*\?\s*@(?:\.(?P<member>[^\s.\[\]'"*=]+)|\[\s*(?P<inner>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\])
        \s*==\s*(?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\]""",
    re.VERBOSE,
)
_DEEPEST = 40


@lru_cache(maxsize=8192)
def parse(text: str) -> Path:
    """Read a path. Raises ``PathError``."""
    rest = text.strip()
    rest = rest.removeprefix("$") if rest.startswith("$") else rest
    segments: list[Segment] = []
    at = 0
    while at < len(rest):
        found = _STEP.match(rest, at)
        bare = found is not None and found["name"] is not None and at > 0 and rest[at] != "."
        if found is None or bare:
            raise PathError(
                f"{text[:80]!r} can't be read as a path at {rest[at : at + 20]!r}; a path looks like customer.name, "
                "lines[*].amount or ids[?@.type=='stripe.invoice'].value"
            )
        segments.append(_segment(found))
        at = found.end()
    if not segments and text.strip() != "$":
        raise PathError("a path must name a place, such as customer.name")
    if len(segments) > _DEEPEST:
        raise PathError(f"a path has at most {_DEEPEST} steps")
    return Path(tuple(segments))


def _segment(found: re.Match[str]) -> Segment:
    if found["name"] is not None:
        return Key(found["name"])
    if found["index"] is not None:
        return Index(int(found["index"]))
    if found["every"] is not None:
        return Every()
    if found["quoted"] is not None:
        return Key(_unquoted(found["quoted"]))
    name = found["member"] if found["member"] is not None else _unquoted(found["inner"])
    return Where(name, _unquoted(found["value"]))


def _quoted(text: str) -> str:
    inner = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{inner}"'))
    except ValueError:
        raise PathError(f"{text[:60]} is not well quoted") from None


class _Missing:
    """No value at all, which is not null."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = _Missing()


def read(value: Any, path: Path, bindings: Bindings = ()) -> Any:
    """What stands at a path, its lists fixed to ``bindings``; ``MISSING`` if there is nothing."""
    for segment in path.bound(bindings).segments:
        value = _below(value, segment)
        if value is MISSING:
            return MISSING
    return value


def _below(value: Any, segment: Segment) -> Any:
    match segment:
        case Key(name):
            return value.get(name, MISSING) if isinstance(value, dict) else MISSING
        case Index(at):
            return value[at] if isinstance(value, list) and at < len(value) else MISSING
        case Where(name, wanted):
            items = value if isinstance(value, list) else []
            return next((one for one in items if isinstance(one, dict) and one.get(name) == wanted), MISSING)
        case _:
            return MISSING


def expand(value: Any, path: Path) -> Iterator[Bindings]:
    """Each way to fix the lists of a path to items that exist."""
    yield from _expand(value, path, ())


def _expand(value: Any, path: Path, bindings: Bindings) -> Iterator[Bindings]:
    if len(bindings) == path.stars:
        yield bindings
        return
    for at in range(length(value, path, bindings) or 0):
        yield from _expand(value, path, (*bindings, at))


def length(value: Any, path: Path, bindings: Bindings) -> int | None:
    """How long the next list of a path is once those before are fixed; none if there is no list."""
    found = read(value, path.lists()[len(bindings)], bindings)
    return len(found) if isinstance(found, list) else None


def write(root: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value at a path whose lists are all fixed, making what is missing on the way.

    Raises ``PathError`` where something else is already there, or stands in the way.
    """
    holder: Any = root
    *way, last = path.segments
    for segment, following in zip(way, path.segments[1:], strict=True):
        holder = _enter(holder, segment, {} if isinstance(following, Key) else [], path)
    before = _put(holder, last, value, path)
    if before is not MISSING and before != value:
        raise PathError(f"{path} gets two values, {_short(before)} and {_short(value)}")


def _enter(holder: Any, segment: Segment, empty: Any, path: Path) -> Any:
    before = _put(holder, segment, empty, path)
    below = _below(holder, segment)
    if before is not MISSING and not isinstance(before, type(empty)):
        raise PathError(f"{path} can't be written: {_short(before)} stands in its way")
    return below


def _put(holder: Any, segment: Segment, value: Any, path: Path) -> Any:
    """Put a value where there is none; what was there before."""
    if isinstance(segment, Key) and isinstance(holder, dict):
        before = holder.get(segment.name, MISSING)
        if before is MISSING:
            holder[segment.name] = value
        return before
    if isinstance(segment, Index) and isinstance(holder, list):
        if segment.at > len(holder):
            raise PathError(f"{path} can't be written: there are {len(holder)} items before it")
        if segment.at == len(holder):
            holder.append(value)
            return MISSING
        return holder[segment.at]
    if isinstance(segment, Where) and isinstance(holder, list):
        if not isinstance(value, dict):
            raise PathError(f"{path} can't be written: what {segment} finds is an object")
        before = _below(holder, segment)
        if before is MISSING:
            holder.append({segment.name: segment.value, **value})
            return MISSING
        return before
    raise PathError(f"{path} can't be written: {_short(holder)} stands in its way")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:60]}..."  # noqa: PLR2004  what a line of a table holds
