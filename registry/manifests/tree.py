"""A document as plain values beside the lines that they came from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.kinds.base import Path
from registry.manifests.comments import Comments
from registry.manifests.problems import Problem

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 100
# A large document written out in a manifest has some hundred thousand.
MAX_VALUES = 1_000_000
MAX_DIGITS = 400
# An author reads so many at once; a hostile text could hold a million, and each costs time and space.
MAX_PROBLEMS = 50
TOO_MANY = "too many problems to go on; put these right first"
_LONGEST_KEY = 80


class UnreadableError(ValueError):
    """Text that is no YAML or JSON, or passes a bound; ``line`` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.message, self.line = message, line
        super().__init__(message)


class SyntaxProblemError(UnreadableError):
    """Text that breaks the rules of the language that it was read as."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its plain value, the line of each key and list item by its path, and its comments.

    ``comments`` is None where its language has none, as JSON.
    """

    value: Any
    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    comments: Comments | None = None

    def line(self, path: Iterable[str | int]) -> int | None:
        """The line of a place, or of the nearest place around it that the text has."""
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


@dataclass(slots=True)
class Reading:
    """What a reader gathers from one file."""

    file: str
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, message: str, line: int) -> None:
        """Note a problem after which reading can go on, unless there are too many already (``UnreadableError``)."""
        if len(self.problems) >= MAX_PROBLEMS:
            raise UnreadableError(TOO_MANY, line)
        self.problems.append(Problem(message, self.file, line, len(self.documents)))


def dotted(path: Iterable[str | int]) -> str:
    """``spec.steps[0].name`` for a path of keys and indices; a key that can't be printed stands in quotes."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" if text else _shown(part)
    return text


def _shown(key: str) -> str:
    short = key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}..."
    return short if key and key.isprintable() else repr(short)


def check_text(text: str, line: int) -> str:
    """A text that every store can hold: no NUL, no half of a surrogate pair."""
    if "\x00" in text:
        raise UnreadableError("a text holds the character NUL, which can't be stored", line)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableError("a text holds half of a surrogate pair, which is no character", line) from None
    return text
