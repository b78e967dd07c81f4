"""JSON text to one document that knows its lines (the standard reader does not tell them)."""

import json
import re
from typing import Any

from registry.kinds.base import Path
from registry.manifests.tree import (
    MAX_DEPTH,
    MAX_VALUES,
    Document,
    Reading,
    SyntaxProblemError,
    UnreadableError,
    check_text,
)
from registry.manifests.yaml_reader import number

_SPACE = re.compile(r"[ \t\n\r]*", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None}
_DECODER = json.JSONDecoder()
_WORD = re.compile(r"true|false|null", re.ASCII)


def read_json(text: str, reading: Reading) -> None:
    """Add the one document of ``text`` to ``reading``; repeated keys are reported and reading goes on.

    Raises ``SyntaxProblemError`` where the text is no JSON, ``UnreadableError`` where it passes a bound.
    """
    walk = _Walk(text, reading)
    value = walk.value(())
    walk.space()
    if walk.at < len(text):
        raise walk.trouble("there is more text after the end")
    reading.documents.append(Document(value, reading.file, walk.lines))


class _Walk:
    """One pass over the text; ``at`` is the next character, ``line`` its line from 1."""

    def __init__(self, text: str, reading: Reading) -> None:
        self.text, self.reading = text, reading
        self.at, self.line, self.counted = 0, 1, 0
        self.lines: dict[Path, int] = {}

    def trouble(self, message: str) -> SyntaxProblemError:
        return SyntaxProblemError(f"not JSON: {message}", self._count())

    def _count(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def space(self) -> str:
        """Skip white space; the next character, or nothing at the end."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def value(self, path: Path) -> Any:
        start = self.space()
        self.lines.setdefault(path, self._count())
        if len(path) > MAX_DEPTH:
            raise UnreadableError(f"nested deeper than {MAX_DEPTH} levels", self._count())
        if len(self.lines) > MAX_VALUES:
            raise UnreadableError(f"more than {MAX_VALUES:,} values; split it", self._count())
        if start == "{":
            return self._object(path)
        if start == "[":
            return self._array(path)
        if start == '"':
            return self._string()
        if found := _NUMBER.match(self.text, self.at):
            self.at = found.end()
            return number(found[0], self._count())
        if found := _WORD.match(self.text, self.at):
            self.at = found.end()
            return _WORDS[found[0]]
        raise self.trouble("a value is missing here" if start else "the text ends before its value does")

    def _string(self) -> str:
        line = self._count()
        try:
            text, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self.trouble(error.msg[0].lower() + error.msg[1:]) from None
        return check_text(text, line)

    def _array(self, path: Path) -> list[Any]:
        items: list[Any] = []
        self.at += 1
        if self.space() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value((*path, len(items))))
            if self._separator("]"):
                return items

    def _object(self, path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        self.at += 1
        if self.space() == "}":
            self.at += 1
            return entries
        while True:
            self._entry(path, entries)
            if self._separator("}"):
                return entries

    def _entry(self, path: Path, entries: dict[str, Any]) -> None:
        if self.space() != '"':
            raise self.trouble("a key in double quotes is missing here")
        line = self._count()
        key = self._string()
        place = (*path, key)
        if key in entries:
            self.reading.report(f"the key {key[:80]!r} stands here and on line {self.lines[place]}; keep one", line)
        self.lines.setdefault(place, line)
        if self.space() != ":":
            raise self.trouble(f"a colon is missing after the key {key[:80]!r}")
        self.at += 1
        value = self.value(place)
        entries.setdefault(key, value)

    def _separator(self, end: str) -> bool:
        """Step over a comma, or over the end (true)."""
        found = self.space()
        if found not in {",", end} or not found:
            raise self.trouble(f"a comma or {end} is missing here")
        self.at += 1
        return found == end
