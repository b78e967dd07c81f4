from __future__ import annotations

import json
import re
import threading
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

_BLANK = re.compile(r"[ \t\n\r]*")
# The standard library's scanner, which is in C, finds where a value ends; which number it is doesn't matter here.
_decode = json.JSONDecoder(parse_int=len, parse_float=len).raw_decode


def escape(key: str) -> str:
    """A key as a JSON Pointer's segment (RFC 6901)."""
    if "/" in key or "~" in key:
        return key.replace("~", "~0").replace("/", "~1")
    return key


def json_lines(text: str) -> dict[str, int]:
    """The line (from 1) of every value in valid JSON text, by JSON Pointer; a member starts at its key."""
    return dict(JsonLines(text).every())


class JsonLines:
    """The lines (from 1) of the values in valid JSON text, by JSON Pointer; a member starts at its key.

    Only the containers on the way to what is asked for are gone through, each once; what stands beside them is skipped.
    Safe between threads.
    """

    def __init__(self, text: str) -> None:
        self._text, self._lock = text, threading.Lock()
        # By pointer: where in the text it is told of (its key, or an element itself), and where its value starts.
        self._spots: dict[str, tuple[int, int]] = {"": (0, self._blank(0))}
        self._opened: set[str] = set()

    def line(self, pointer: str) -> int:
        """The line of a pointer, or of the nearest ancestor that the text has."""
        with self._lock:
            return self._line(pointer)

    def _line(self, pointer: str) -> int:
        known = pointer
        while known not in self._spots:
            known = known.rpartition("/")[0]
        while known != pointer:
            self._open(known)
            end = pointer.find("/", len(known) + 1)
            following = pointer if end < 0 else pointer[:end]
            if following not in self._spots:
                break
            known = following
        return bisect_left(self._breaks, self._spots[known][0]) + 1

    def every(self) -> Iterator[tuple[str, int]]:
        """All pointers with their lines, in the order of the text."""
        waiting = [""]
        while waiting:
            pointer = waiting.pop()
            yield pointer, self.line(pointer)
            waiting.extend(reversed(self._open(pointer)))

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self._text)]

    def _blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at

    def _open(self, pointer: str) -> list[str]:
        """Note where the parts of a container stand; their pointers, none the second time."""
        if pointer in self._opened:
            return []
        self._opened.add(pointer)
        start = self._spots[pointer][1]
        parts = {"{": self._members, "[": self._elements}.get(self._text[start])
        if parts is None:
            return []
        inside = []
        try:
            for segment, told, value in parts(self._blank(start + 1)):
                self._spots[f"{pointer}/{segment}"] = (told, value)
                inside.append(f"{pointer}/{segment}")
        except RecursionError:
            pass  # too deep to be skipped in one step: what was found is enough for the nearest line
        return inside

    def _members(self, at: int) -> Iterator[tuple[str, int, int]]:
        text = self._text
        while text[at] != "}":
            key, end = _decode(text, at)
            value = self._blank(self._blank(end) + 1)
            yield escape(key), at, value
            at = self._following(value)

    def _elements(self, at: int) -> Iterator[tuple[str, int, int]]:
        position = 0
        while self._text[at] != "]":
            yield str(position), at, at
            at, position = self._following(at), position + 1

    def _following(self, value: int) -> int:
        """Where the next part starts after the value at an offset, or where the container ends."""
        end = self._blank(_decode(self._text, value)[1])
        return self._blank(end + 1) if self._text[end] == "," else end
