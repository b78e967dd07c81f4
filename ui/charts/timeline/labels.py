"""Where the names of dots stand, so that no two in a lane touch. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from ui.charts.timeline.model import Dot

#: Pixels per character at the size of names, of a wide face, so that narrower ones only leave more air.
_CHARACTER = 7.1
_AIR = 8.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name: its dot, the dot's place, its left edge and its level above the lane (0 is the lowest)."""

    dot: Dot
    x: float
    left: float
    level: int


def text_width(content: str) -> float:
    """An upper estimate of a text's width in pixels; signs of East Asian scripts are twice as wide."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in content) * _CHARACTER


def place_labels(dots: Sequence[tuple[Dot, float]], limit: float) -> list[Label]:
    """A label per (dot, x), left to right, each on the lowest level where it touches no other."""
    ends: list[float] = []
    placed: list[Label] = []
    for dot, x in sorted(dots, key=lambda item: item[1]):
        width = text_width(dot.title) + 24 * len(dot.notes)
        left = min(max(x - 7, 0.0), limit - width)
        level = next((level for level, end in enumerate(ends) if end + _AIR <= left), len(ends))
        ends[level : level + 1] = [left + width]
        placed.append(Label(dot, x, left, level))
    return placed


def level_count(labels: Sequence[Label]) -> int:
    """How many levels are in use, at least one."""
    return max((label.level for label in labels), default=0) + 1
