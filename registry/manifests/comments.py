"""Comments in YAML: found by the key or list item that they stand at, and put back there.

A text that is stored is always written anew, so that equal manifests look the same. What people wrote beside it for one
another goes with the place it was written about: above a line, at its end, or below everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registry.kinds.base import Path

#: What YAML takes for the end of a line.
BREAKS = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_BEGINS = re.compile(r"(?:^|(?<=[ \t]))#")
Mark = tuple[int, int]
"""A line, from 1, and a column, from 0."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands at one place: lines above it, and at the end of its line ("" for nothing); all begin with ``#``."""

    above: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of one document by place, and those behind all of it."""

    notes: Mapping[Path, Note] = field(default_factory=dict)
    below: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.notes or self.below)


def find(
    text: list[str], first: int, last: int, places: Mapping[Path, int], opaque: Iterable[tuple[Mark, Mark]]
) -> Comments:
    """The comments of the document that has the lines ``first`` to ``last`` (from 1, both included) of a text.

    ``places`` has the line of each key and item; between the two marks of ``opaque`` a ``#`` is part of a value.
    """
    above: dict[Path, list[str]] = {}
    beside: dict[Path, str] = {}
    at_line = _shallowest(places)
    hidden = [*opaque]
    waiting: list[str] = []
    for number in range(first, last + 1):
        line = text[number - 1]
        place = at_line.get(number)
        if place is not None and waiting:
            above[place] = [*above.get(place, ()), *waiting]
            waiting = []
        begins = (match.start() for match in _BEGINS.finditer(line) if "#" in line)
        begin = next((at for at in begins if not any(start <= (number, at) < end for start, end in hidden)), None)
        if begin is None:
            continue
        if place is not None and line[:begin].strip():
            beside[place] = line[begin:].rstrip()
        else:
            waiting.append(line[begin:].rstrip())
    notes = {place: Note(tuple(above.get(place, ())), beside.get(place, "")) for place in above | beside}
    return Comments(notes, tuple(waiting))


def _shallowest(places: Mapping[Path, int]) -> dict[int, Path]:
    """Line -> the outermost place that begins there; the document itself is its first key."""
    found: dict[int, Path] = {}
    for place, line in places.items():
        if place and (line not in found or len(place) < len(found[line])):
            found[line] = place
    return found


def put(text: str, comments: Comments, places: Mapping[Path, int]) -> str:
    """A document's text, as it is exported, with comments in it; one whose place is gone goes to the nearest around it."""
    at_line = _shallowest(places)
    above: dict[int, list[str]] = {}
    beside: dict[int, str] = {}
    for place, note in comments.notes.items():
        line = _line_of(place, places)
        above.setdefault(line, []).extend(note.above)
        if note.beside:
            exact = at_line.get(line) == place and line not in beside
            if exact:
                beside[line] = note.beside
            else:
                above[line].append(note.beside)
    written: list[str] = []
    for number, content in enumerate(text.removesuffix("\n").split("\n"), start=1):
        indent = content[: len(content) - len(content.lstrip(" "))]
        written += [f"{indent}{comment}" for comment in above.get(number, ())]
        written.append(f"{content}  {beside[number]}" if number in beside else content)
    return "\n".join([*written, *comments.below, ""])


def _line_of(place: Path, places: Mapping[Path, int]) -> int:
    while place and place not in places:
        place = place[:-1]
    return places.get(place, 1) if place else 1
