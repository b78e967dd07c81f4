"""A time axis that puts minutes and weeks on one page: even within busy stretches, folded where nothing happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui.charts.timeline.labels import text_width
from ui.format import MINUTE, duration

#: An idle stretch is folded when it is longer than all shorter stretches together by this factor ...
_FOLD_FACTOR = 5
#: ... and long enough to be worth a break.
_FOLD_AT_LEAST = 2 * MINUTE
_LEAST_WIDTH = 12.0
#: What a break takes beside its words.
_TORN, _NARROWEST_FOLD = 26.0, 56.0


@dataclass(frozen=True, slots=True)
class Fold:
    """An idle stretch that is drawn as a break."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Places for moments: ``x`` maps each to pixels from the axis' beginning; ``folds`` are the breaks by time."""

    x: dict[int, float]
    folds: tuple[Fold, ...]
    width: float


def find_folds(moments: Sequence[int]) -> tuple[Fold, ...]:
    """The gaps between neighbours that are folded, by time; the shortest gap never is, if there is another."""
    gaps = sorted((end - start, start, end) for start, end in pairwise(moments))
    busy = 0
    folds: list[Fold] = []
    for length, start, end in gaps:
        if busy and length >= _FOLD_AT_LEAST and length > _FOLD_FACTOR * busy:
            folds.append(Fold(start, end))
        else:
            busy += length
    return tuple(sorted(folds, key=lambda fold: fold.start))


def lay_out(moments: Sequence[int], width: float, needs: Sequence[tuple[int, int, float]]) -> Axis:
    """The axis, at least as wide as asked.

    Args:
        moments: sorted, each once.
        width: pixels to fill.
        needs: (from, to, pixels): how far two of the moments must at least lie apart, for what is written between.
    """
    folds = find_folds(moments)
    folded = {(fold.start, fold.end) for fold in folds}
    pairs = list(pairwise(moments))
    widths = [_fold_width(*pair) if pair in folded else _LEAST_WIDTH for pair in pairs]
    place = {moment: index for index, moment in enumerate(moments)}
    for start, end, pixels in needs:
        _widen(widths, place[start], place[end], pixels)
    spare = width - sum(widths)
    lengths = [0 if pair in folded else pair[1] - pair[0] for pair in pairs]
    total = sum(lengths)
    if spare > 0 and total:
        widths = [have + spare * length / total for have, length in zip(widths, lengths, strict=True)]
    x: dict[int, float] = {}
    reached = 0.0
    for moment, step in zip(moments, (*widths, 0.0), strict=True):
        x[moment] = reached
        reached += step
    return Axis(x, folds, reached)


def _fold_width(start: int, end: int) -> float:
    return max(_NARROWEST_FOLD, text_width(duration(end - start)) + _TORN)


def _widen(widths: list[float], start: int, end: int, pixels: float) -> None:
    if start >= end:
        return
    lack = pixels - sum(widths[start:end])
    if lack > 0:
        for index in range(start, end):
            widths[index] += lack / (end - start)
