"""YAML text to documents, by the core schema of YAML 1.2: dates stay text, and so do ``yes``, ``no`` and ``on``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml

from registry.kinds.base import Path
from registry.manifests.comments import BREAKS, Comments, Mark
from registry.manifests.comments import find as find_comments
from registry.manifests.tree import MAX_DEPTH, MAX_DIGITS, MAX_VALUES, Document, Reading, UnreadableError, check_text

_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)


def read_yaml(text: str, reading: Reading) -> None:
    """Add the documents of ``text`` to ``reading``; empty ones count for nothing.

    Aliases, tags, repeated keys and keys that are no text are reported and reading goes on; ``UnreadableError`` is
    raised where it can't.
    """
    # The first line of each document, its walk, and where it stands among what was read; None if it is empty.
    found: list[tuple[int, _Walk, int | None]] = []
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                walk = _Walk(events, reading)
                mark: Any = event.start_mark
                value = walk.value(next(events), ())
                found.append((mark.line + 1 if found else 1, walk, _add(value, walk, reading)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # The mark of what is missing at the end stands behind the last line.
        line = min(mark.line, text.count("\n")) + 1 if mark else None
        raise UnreadableError(f"not YAML: {error.problem or error.context}", line) from None
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", None) or "the text can't be read"
        raise UnreadableError(f"not YAML: {reason}", _line_at(text, getattr(error, "position", None))) from None

    if "#" in text:
        lines = BREAKS.split(text)
        ends = [start - 1 for start, _, _ in found[1:]] + [len(lines)]
        for (start, walk, at), end in zip(found, ends, strict=bool(found)):
            if at is not None:
                comments = find_comments(lines, start, end, walk.lines, walk.opaque)
                reading.documents[at] = replace(reading.documents[at], comments=comments)


def _add(value: Any, walk: _Walk, reading: Reading) -> int | None:
    if value is None:
        return None
    reading.documents.append(Document(value, reading.file, walk.lines, Comments()))
    return len(reading.documents) - 1


def _line_at(text: str, position: int | None) -> int | None:
    return None if position is None else text.encode()[:position].count(b"\n") + 1


class _Walk:
    """Turns the events of one document into its value, noting lines on the way."""

    def __init__(self, events: Iterator[Any], reading: Reading) -> None:
        self.events, self.reading = events, reading
        self.lines: dict[Path, int] = {}
        # Where a "#" may be part of a value and begin no comment.
        self.opaque: list[tuple[Mark, Mark]] = []

    def value(self, event: Any, path: Path) -> Any:
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            raise UnreadableError(f"nested deeper than {MAX_DEPTH} levels", line)
        if len(self.lines) > MAX_VALUES:
            raise UnreadableError(f"more than {MAX_VALUES:,} values; split it", line)
        if isinstance(event, yaml.AliasEvent):
            self.reading.report(f"the alias *{event.anchor} is not allowed; write the value out", line)
            return None
        if event.tag not in {None, "!"}:
            self.reading.report(f"the tag {event.tag} is not allowed; write a plain value", line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return self._scalar(event, line)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            key = self._key(event, path, line)
            self.lines.setdefault((*path, key), line)
            value = self.value(next(self.events), (*path, key))
            if key in first:
                self.reading.report(f"the key {key[:80]!r} stands here and on line {first[key]}; keep one", line)
            first.setdefault(key, line)
            entries.setdefault(key, value)
        return entries

    def _key(self, event: Any, path: Path, line: int) -> str:
        """The text of a key; what is no text is reported and stands as what it looks like."""
        if isinstance(event, yaml.ScalarEvent) and event.tag in {None, "!"}:
            value = self._scalar(event, line)
            if not isinstance(value, str):
                self.reading.report(f"the key {event.value!r} is no text; put it in quotes if it is meant", line)
            return check_text(event.value, line)
        self.value(event, (*path, "?"))
        self.reading.report("a key must be a plain text", line)
        return "?"

    def _scalar(self, event: Any, line: int) -> Any:
        text: str = event.value
        start, end = event.start_mark, event.end_mark
        if "#" in text or start.line != end.line:
            # The line on which a block begins has only its sign, and may have a comment.
            begins = (start.line + 2, 0) if event.style in {"|", ">"} else (start.line + 1, start.column)
            self.opaque.append((begins, (end.line + 1, end.column)))
        if not event.implicit[0]:
            return check_text(text, line)
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
            return number(text, line)
        if _NOT_FINITE.fullmatch(text):
            raise UnreadableError(f"{text} is no finite number", line)
        return check_text(text, line)


def is_text(plain: str) -> bool:
    """Whether a scalar without quotes is read as text."""
    shapes = (_INTEGER, _FLOAT, _NOT_FINITE)
    return plain not in _NULL and plain not in _BOOLEAN and not any(shape.fullmatch(plain) for shape in shapes)


def number(text: str, line: int) -> int | float:
    """The integer or finite number that a text of digits names."""
    if len(text) > MAX_DIGITS:
        raise UnreadableError(f"a number of more than {MAX_DIGITS} digits", line)
    if _INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise UnreadableError(f"{text} is too large a number", line)
    return value
