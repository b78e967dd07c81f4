"""A document's text as a page shows it: every line can be pointed at, what is indented below a line folds into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

#: Lines that one page shows.
MOST_LINES = 3_000
#: Lines below which folding helps nobody.
_WORTH_FOLDING = 4
_DEEPEST = 8
_LONG_LINE = 400


@dataclass(slots=True)
class Line:
    """One line by its number from 1, and the lines that fold into it."""

    number: int
    text: str
    below: list["Line"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """What a page shows of a document; ``laid_out`` if it was one long line, ``hidden`` how many lines are left out."""

    lines: Sequence[Line]
    laid_out: bool
    hidden: int


def source(text: str) -> Source:
    """The first lines of a document, folded."""
    shown = readable(text)
    lines = shown.splitlines()
    return Source(folded(lines[:MOST_LINES]), shown is not text, max(0, len(lines) - MOST_LINES))


def readable(text: str) -> str:
    """The text itself; JSON that was written without lines gets some."""
    if max(map(len, text.splitlines()[:5]), default=0) <= _LONG_LINE or not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the latter where it is nested too deeply
        return text


def folded(lines: Sequence[str]) -> list[Line]:
    """Lines as a tree by their indentation; short blocks stay as they are."""
    top: list[Line] = []
    stack: list[tuple[int, list[Line]]] = [(-1, top)]
    for number, text in enumerate(lines, 1):
        line = Line(number, text)
        depth = len(text) - len(text.lstrip())
        if text.strip():
            while stack[-1][0] >= depth and len(stack) > 1:
                stack.pop()
        stack[-1][1].append(line)
        if text.strip() and len(stack) <= _DEEPEST:
            stack.append((depth, line.below))
    return _flattened(top)


def _flattened(lines: Sequence[Line]) -> list[Line]:
    """Put short blocks back beside the line that they stand below."""
    kept: list[Line] = []
    for line in lines:
        line.below = _flattened(line.below)
        kept.append(line)
        if line.below and _length(line.below) < _WORTH_FOLDING:
            kept += line.below
            line.below = []
    return kept


def _length(lines: Sequence[Line]) -> int:
    return sum(1 + _length(line.below) for line in lines)
