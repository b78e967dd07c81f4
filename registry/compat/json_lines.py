from __future__ import annotations

import json
import re

# A key with its colon, an opening, a closing, a comma; what is left over is a value without parts.
_PIECE = re.compile(
    r'"(?P<key>[^"\\]*(?:\\.[^"\\]*)*)"\s*:|(?P<open>[{\[])|(?P<close>[}\]])|(?P<comma>,)'
    r'|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}\[\],:"]+',
    re.DOTALL,
)


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
        kind = match.lastgroup
        if kind == "key":
            walk.key(match["key"], line)
        elif walk.in_list or kind:
            walk.take(kind, match.group(), line)
    return walk.lines


class _Walk:
    """Where in the document the reader stands: ``open`` holds the pointer of each container and its elements so far."""

    def __init__(self) -> None:
        self.lines = {"": 1}
        self.open: list[tuple[str, int]] = []
        self.pointer = ""
        self.in_list = False

    def key(self, text: str, line: int) -> None:
        """A member of an object: what follows stands at its pointer."""
        name = json.loads(f'"{text}"') if "\\" in text else text
        if "/" in name or "~" in name:
            name = escape(name)
        self.pointer = f"{self.open[-1][0]}/{name}"
        self.lines[self.pointer] = line

    def take(self, kind: str | None, piece: str, line: int) -> None:
        """A comma, a bracket, or (in a list) a value."""
        if kind == "comma":
            self._next()
            return
        if kind == "close":
            self.pointer = self.open.pop()[0]
            self.in_list = bool(self.open) and self.open[-1][1] >= 0
            return
        if self.in_list:
            self.lines[self.pointer] = line
        if kind == "open":
            self.in_list = piece == "["
            self.open.append((self.pointer, 0 if self.in_list else -1))
            if self.in_list:
                self.pointer += "/0"

    def _next(self) -> None:
        if self.in_list:
            parent, index = self.open[-1]
            self.open[-1] = (parent, index + 1)
            self.pointer = f"{parent}/{index + 1}"
