"""Two texts side by side: what differs, with a few lines around it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

#: Beyond so many lines of either text nobody reads on, and comparing takes too long.
MOST_LINES = 6_000
MOST_ROWS = 2_000
_AROUND = 3
Kind = Literal["same", "changed", "added", "removed", "gap"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of each text, by their numbers from 1; None where a text has none. A gap stands for what is left out."""

    kind: Kind
    old_number: int | None = None
    old: str = ""
    new_number: int | None = None
    new: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a page shows of it; ``cut`` if there is more, ``too_long`` if the texts were not compared."""

    rows: Sequence[Row]
    cut: bool = False
    too_long: bool = False


def difference(old: str, new: str) -> Difference:
    """The lines that differ."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        return Difference((), too_long=True)
    rows = [*_rows(before, after)]
    return Difference(rows[:MOST_ROWS], cut=len(rows) > MOST_ROWS)


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    end = 0
    for group in SequenceMatcher(None, before, after).get_grouped_opcodes(_AROUND):
        if group[0][1] > end:
            yield Row("gap")
        for tag, first, last, start, stop in group:
            yield from _block(tag, before[first:last], after[start:stop], first + 1, start + 1)
            end = last
    if 0 < end < len(before):
        yield Row("gap")


def _block(tag: str, before: Sequence[str], after: Sequence[str], first: int, start: int) -> Iterator[Row]:
    for place, (old, new) in enumerate(zip_longest(before, after)):
        kind: Kind = "same" if tag == "equal" else "added" if old is None else "removed" if new is None else "changed"
        yield Row(
            kind,
            None if old is None else first + place,
            old or "",
            None if new is None else start + place,
            new or "",
        )
