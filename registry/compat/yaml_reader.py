"""YAML as JSON sees it: keys are text as written, dates stay text, only true and false are booleans (YAML 1.2's core)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

_TAG: Final = "tag:yaml.org,2002:"


class TooLargeError(ValueError):
    """What aliases or brackets would unfold beyond the bounds: the message, and the line (from 1)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _whole(text: str) -> int | float:
    """An integer as far as JSON readers agree on them (64 bits), beyond that a float, as for JSON text."""
    value = int(text, 0 if text[:2] in ("0o", "0x") else 10)
    return value if -(2**63) <= value < 2**64 else _fraction(str(value))


def _fraction(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


# YAML 1.2's core schema: dates and times of day are text, yes and no are words, 010 is ten.
_SCALARS: Final[dict[str, tuple[str, str, Callable[[str], Any]]]] = {
    "null": (r"~|null|Null|NULL|", "~nN", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789", _whole),
    "float": (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789", _fraction),
}
_MAKERS: Final[dict[str, Callable[[str], Any]]] = {
    f"{_TAG}str": str,
    **{f"{_TAG}{name}": make for name, (_, _, make) in _SCALARS.items()},
}
# By a plain scalar's first letter, since most begin like no number and no word with a meaning.
_PLAIN: Final = {
    first: tuple((re.compile(pattern), make) for pattern, firsts, make in _SCALARS.values() if first in firsts)
    for first in {letter for _, firsts, _ in _SCALARS.values() for letter in firsts} | {""}
}


def scalar(event: yaml.ScalarEvent) -> Any:
    """The value of a scalar.

    Raises:
        ConstructorError: its tag is none that JSON has.
        ValueError: its tag says what its text isn't, or it is too large a number.
    """
    text: str = event.value
    if event.tag is not None and event.tag != "!":
        make = _MAKERS.get(event.tag)
        if make is None:
            raise _unknown_tag(event)
        return make(text)
    if event.implicit[0]:
        for pattern, make in _PLAIN.get(text[:1], ()):
            if pattern.fullmatch(text):
                return make(text)
    return text


def _unknown_tag(event: Any) -> ConstructorError:
    return ConstructorError(None, None, f'nothing here can have the tag "{event.tag}"', event.start_mark)


@dataclass(frozen=True, slots=True)
class Read:
    """A document's value, the line (from 1) at which it starts, and by the ``id`` of each container those of its parts."""

    value: Any
    first: int
    lines: dict[int, Any]

    def line(self, keys: Iterable[str]) -> int:
        """The line of what the keys lead to, one after the other, or of the last that is there."""
        value, line = self.value, self.first
        for key in keys:
            if not isinstance(value, dict | list):
                break
            known = self.lines[id(value)]
            step: Any = int(key) if isinstance(value, list) and key.isdecimal() else key
            try:
                value, line = value[step], known[step]
            except (LookupError, TypeError):
                break
        return line


@dataclass(slots=True)
class _Open:
    """A container whose end has not been met; ``key`` is that of the member whose value comes next."""

    value: Any
    lines: Any
    mapping: bool
    anchor: str | None
    before: int  # values read before it
    key: str | None = None
    merge: Any = None  # where "<<" stands, if that is the key
    merged: list[dict[str, Any]] = field(default_factory=list)
    height: int = 0  # levels within it, aliases followed


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias stands for; ``text`` is what it is as a key, None for what can't be one."""

    value: Any
    text: str | None
    size: int = 1
    height: int = 0


class YamlReader:
    """Builds the value of one document from libyaml's events, one after the other, so that depth costs no stack.

    Args:
        max_depth: levels of containers that are read.
        max_values: values that are read, aliases unfolded.
    """

    def __init__(self, max_depth: int, max_values: int) -> None:
        self._max_depth, self._max_values = max_depth, max_values
        self._lines: dict[int, Any] = {}
        self._anchors: dict[str, _Anchored | None] = {}  # None while it is still open
        self._stack: list[_Open] = []
        self._count = self._first = 0

    def read(self, text: str) -> Read | None:
        """Read a document; None if there is none.

        Raises:
            TooLargeError: one of the bounds is passed.
            yaml.YAMLError: the text is no YAML, or holds several documents or what JSON has no place for.
            ValueError: a number is too large.
        """
        parser: Any = yaml.CSafeLoader(text)  # of events only: what it makes of them is this class's matter
        try:
            parser.get_event()  # the start of the stream
            if isinstance(parser.get_event(), yaml.StreamEndEvent):
                return None
            value = self._document(parser.get_event)
            parser.get_event()  # the end of the document
            if not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
                raise ComposerError(None, None, "a second document starts here; one is read", event.start_mark)
            return Read(value, self._first, self._lines)
        finally:
            parser.dispose()

    def _document(self, following: Callable[[], Any]) -> Any:
        stack = self._stack
        while True:
            event = following()
            kind = type(event)
            self._first = self._first or event.start_mark.line + 1
            if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                value = self._close()
            elif stack and self._is_key(stack[-1], event):
                continue
            elif kind is yaml.ScalarEvent:
                value = self._scalar(event)
            elif kind is yaml.AliasEvent:
                value = self._alias(event)
            else:
                self._open(event)
                continue
            if self._count > self._max_values:
                raise self._without_end(event)
            if not stack:
                return value
            self._put(stack[-1], value)

    def _is_key(self, parent: _Open, event: Any) -> bool:
        """Take it as a key where one is awaited; else note the line of an element."""
        if not parent.mapping:
            parent.lines.append(event.start_mark.line + 1)
        elif parent.key is None:
            self._key(parent, event)
            return True
        return False

    def _scalar(self, event: Any) -> Any:
        value = scalar(event)
        self._count += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, event.value)
        return value

    def _key(self, parent: _Open, event: Any) -> None:
        text = event.value if isinstance(event, yaml.ScalarEvent) else None
        if isinstance(event, yaml.AliasEvent):
            text = self._anchored(event).text
        elif text is not None and event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(text, text)
        if text is None:
            raise ConstructorError(None, None, "a key must be plain text", event.start_mark)
        parent.key = text
        if text == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            parent.merge = event.start_mark
        else:
            parent.lines[text] = event.start_mark.line + 1

    def _put(self, parent: _Open, value: Any) -> None:
        if not parent.mapping:
            parent.value.append(value)
            return
        if parent.merge is None:
            parent.value[parent.key] = value
        else:
            # Of several, the first counts; of what comes later in the text, the last (as YAML 1.1 defines merging).
            values = value[::-1] if isinstance(value, list) else [value]
            if not all(isinstance(one, dict) for one in values):
                raise ConstructorError(None, None, '"<<" takes a mapping, or a list of mappings', parent.merge)
            parent.merged.extend(values)
            parent.merge = None
        parent.key = None

    def _open(self, event: Any) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in (None, "!", f"{_TAG}{'map' if mapping else 'seq'}"):
            raise _unknown_tag(event)
        if len(self._stack) >= self._max_depth:
            message = f"is nested more than {self._max_depth} levels deep"
            raise TooLargeError(message, event.start_mark.line + 1)
        value: Any = {} if mapping else []
        lines: Any = {} if mapping else []
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(value, lines, mapping, event.anchor, self._count))

    def _close(self) -> Any:
        done = self._stack.pop()
        if done.merged:
            value: dict[str, Any] = {}
            lines: dict[str, int] = {}
            for one in done.merged:
                value.update(one)
                lines.update(self._lines[id(one)])
            done.value, done.lines = {**value, **done.value}, {**lines, **done.lines}
        self._lines[id(done.value)] = done.lines
        self._count += 1
        if done.anchor is not None:
            self._anchors[done.anchor] = _Anchored(done.value, None, self._count - done.before, done.height)
        self._raise_height(done.height + 1)
        return done.value

    def _alias(self, event: Any) -> Any:
        anchored = self._anchored(event)
        if len(self._stack) + anchored.height > self._max_depth:
            raise self._without_end(event)
        self._count += anchored.size
        self._raise_height(anchored.height + 1)
        return anchored.value

    def _raise_height(self, height: int) -> None:
        if self._stack:
            self._stack[-1].height = max(self._stack[-1].height, height)

    def _anchored(self, event: Any) -> _Anchored:
        if event.anchor not in self._anchors:
            raise ComposerError(None, None, f'no anchor "{event.anchor}" stands before this alias', event.start_mark)
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._without_end(event)
        return anchored

    def _without_end(self, event: Any) -> TooLargeError:
        return TooLargeError(
            "nests or repeats itself by aliases without end (at most "
            f"{self._max_depth} levels, {self._max_values:,} values)",
            event.start_mark.line + 1,
        )
