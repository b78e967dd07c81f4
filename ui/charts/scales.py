"""Scales: from values to shares of the drawing, and the ticks that people find round. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.format import DAY, HOUR, MINUTE, SECOND

#: Lengths in seconds that read well on an axis.
_ROUND_SECONDS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200),
    *(86_400, 172_800, 432_000, 864_000, 1_728_000, 2_592_000, 7_776_000, 15_552_000, 31_536_000),
)
#: From this ratio of the largest to the smallest value on, a linear axis hides the small ones.
_LOG_SPREAD = 30.0
_TICKS_WANTED = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """``share`` maps a value to 0 (the axis' beginning) .. 1 (its end); ``ticks`` are the values to mark."""

    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where the value lies, held to the drawing."""
        if self.log:
            value = max(value, self.low)
            raw = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            raw = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, raw))


def lengths(values: Sequence[float], threshold: float | None = None) -> Scale:
    """A scale for seconds: logarithmic where the values, threshold included, spread more than thirtyfold."""
    known = [value for value in (*values, *(() if threshold is None else (threshold,))) if value > 0]
    if not known:
        return Scale(0, 1, log=False, ticks=(0, 1))
    low, high = min(known), max(known)
    if high / low >= _LOG_SPREAD:
        bottom = max((tick for tick in _ROUND_SECONDS if tick <= low), default=low)
        top = min((tick for tick in _ROUND_SECONDS if tick >= high), default=high)
        inside = [tick for tick in _ROUND_SECONDS if bottom <= tick <= top]
        return Scale(bottom, top, log=True, ticks=_thin(inside, _TICKS_WANTED))
    step = min((tick for tick in _ROUND_SECONDS if high / tick <= _TICKS_WANTED - 1), default=high / 4)
    return _linear(high, step)


def numbers(values: Sequence[float]) -> Scale:
    """A linear scale from zero for counts and amounts, with steps of 1, 2 or 5 times a power of ten."""
    high = max((*values, 0))
    if high <= 0:
        return Scale(0, 1, log=False, ticks=(0, 1))
    power = 10.0 ** math.floor(math.log10(high / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if high / (power * factor) <= 4.5)  # noqa: PLR2004 - four or five lines read well
    return _linear(high, max(step, 1.0) if all(float(value).is_integer() for value in values) else step)


def shares(values: Sequence[float], objective: float) -> Scale:
    """A scale for attainment: from a round share below the lowest value up to 100 %, never flattering by a cut axis."""
    lowest = min((*values, objective))
    bottom = next((floor for floor in (0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5) if lowest > floor), 0.0)
    return Scale(bottom, 1.0, log=False, ticks=tuple(bottom + (1 - bottom) * part / 4 for part in (0, 2, 4)))


def time_ticks(start: int, end: int, wanted: int = 6) -> tuple[int, ...]:
    """Times to mark between start and end (nanoseconds): round minutes, hours or days in UTC."""
    steps = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY)
    longer = (30 * DAY, 91 * DAY, 182 * DAY, 365 * DAY, 3_650 * DAY)
    step = next((size for size in (*steps, *longer) if (end - start) / size <= wanted), 36_500 * DAY)
    first = -(-start // step) * step
    return tuple(range(first, end, step))


def label_lengths(format_seconds: Callable[[int], str]) -> Callable[[float], str]:
    """A labeller for seconds out of one for nanoseconds."""
    return lambda value: format_seconds(round(value * SECOND))


def _linear(high: float, step: float) -> Scale:
    steps = max(1, math.ceil(high / step - 1e-9))
    return Scale(0, steps * step, log=False, ticks=tuple(step * index for index in range(steps + 1)))


def _thin(ticks: Sequence[float], wanted: int) -> tuple[float, ...]:
    if len(ticks) <= wanted:
        return tuple(ticks)
    every = math.ceil(len(ticks) / wanted)
    return tuple(ticks[::every])
