from __future__ import annotations

import json
import re

_PIECE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def escape(key: str) -> str:
    """A key as a JSON Pointer's segment (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def json_lines(text: str) -> dict[str, int]:
    """The line (from 1) of every value in valid JSON text, by JSON Pointer; a member starts at its key."""
    walk = _Walk()
    line, seen = 1, 0
    for match in _PIECE.finditer(text):
        start = match.start()
        line += text.count("\n", seen, start)
        seen = start
        walk.take(match.group(), line)
    return walk.lines


class _Walk:
    """Where in the document the reader stands: ``open`` holds (pointer, index or -1 for an object) per container."""

    def __init__(self) -> None:
        self.lines = {"": 1}
        self.open: list[tuple[str, int]] = []
        self.pointer = ""
        self.expects_key = False

    def take(self, piece: str, line: int) -> None:
        if piece == ":":
            return
        if piece == ",":
            self._next()
        elif piece in "]}":
            self.pointer, self.expects_key = self.open.pop()[0], False
        elif self.expects_key:
            self.pointer = f"{self.open[-1][0]}/{escape(json.loads(piece))}"
            self.lines[self.pointer] = line
            self.expects_key = False
        else:
            self._value(piece, line)

    def _next(self) -> None:
        parent, index = self.open[-1]
        if index < 0:
            self.expects_key = True
        else:
            self.open[-1] = (parent, index + 1)
            self.pointer = f"{parent}/{index + 1}"

    def _value(self, piece: str, line: int) -> None:
        if self.open and self.open[-1][1] >= 0:
            self.lines[self.pointer] = line
        if piece == "{":
            self.open.append((self.pointer, -1))
            self.expects_key = True
        elif piece == "[":
            self.open.append((self.pointer, 0))
            self.pointer += "/0"
