"""Values as people read them: durations, times, amounts, counts, shares, ids. Times are integer nanoseconds, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from collectors.timelines import money as amounts
from collectors.timelines import times
from collectors.timelines.model import Money

MICROSECOND, MILLISECOND, SECOND = 1_000, 1_000_000, 1_000_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"))
_JUST_NOW = 5 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799 * SECOND
_TENTHS_BELOW = 10
#: Stands where there is no figure to tell.
NOTHING = "\N{EN DASH}"


class ShortId(NamedTuple):
    """An id in three parts; ``middle`` is what a narrow column hides, "" if the id is short enough."""

    head: str
    middle: str
    tail: str


def duration(nanoseconds: int) -> str:
    """A length of time in at most two neighbouring units, cut rather than rounded: "3 d 4 h", "1.2 s", "340 ms"."""
    if nanoseconds < 0:
        return f"-{duration(-nanoseconds)}"
    if nanoseconds < MILLISECOND:
        return f"{nanoseconds // MICROSECOND} µs" if nanoseconds else "0 s"
    if nanoseconds < SECOND:
        return f"{nanoseconds // MILLISECOND} ms"
    if nanoseconds < _TENTHS_BELOW * SECOND:
        tenths = nanoseconds // (SECOND // 10)
        return f"{tenths // 10}.{tenths % 10} s" if tenths % 10 else f"{tenths // 10} s"
    return _two_units(nanoseconds)


def _two_units(nanoseconds: int) -> str:
    for position, (size, unit) in enumerate(_UNITS):
        if nanoseconds >= size:
            whole, rest = divmod(nanoseconds, size)
            text = f"{whole:,} {unit}"
            if position + 1 < len(_UNITS):
                smaller, name = _UNITS[position + 1]
                if part := rest // smaller:
                    text += f" {part} {name}"
            return text
    raise AssertionError("a length of ten seconds or more always has a unit")  # pragma: no cover


def seconds(value: float | None) -> str:
    """A length in seconds, or a dash where there is none to tell."""
    return NOTHING if value is None else duration(round(value * SECOND))


def moment(nanoseconds: int) -> datetime:
    """The time as an aware datetime in UTC, cut to microseconds; beyond the calendar it is the calendar's end."""
    bounded = max(-_LATEST // 8, min(nanoseconds, _LATEST))
    return _EPOCH + timedelta(microseconds=bounded // MICROSECOND)


def iso(nanoseconds: int) -> str:
    """RFC 3339 in UTC with as much of the fraction as there is, for machines."""
    return times.rfc3339(nanoseconds)


def absolute(nanoseconds: int) -> str:
    """Date and time with the zone: "2026-03-03 09:15:42 UTC"."""
    return f"{moment(nanoseconds):%Y-%m-%d %H:%M:%S} UTC"


def exact(nanoseconds: int) -> str:
    """Date and time to the millisecond: "2026-03-03 09:15:42.120 UTC"."""
    at = moment(nanoseconds)
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC"


def day(nanoseconds: int) -> str:
    """The day: "3 Mar"."""
    at = moment(nanoseconds)
    return f"{at.day} {at:%b}"


def date(nanoseconds: int) -> str:
    """The day with its year: "3 Mar 2026"."""
    at = moment(nanoseconds)
    return f"{at.day} {at:%b %Y}"


def clock(nanoseconds: int) -> str:
    """The time of day: "09:15:42"."""
    return f"{moment(nanoseconds):%H:%M:%S}"


def relative(nanoseconds: int, now: int) -> str:
    """How far a time is from now: "3 d 4 h ago", "in 12 min", "just now"."""
    gap = now - nanoseconds
    if abs(gap) < _JUST_NOW:
        return "just now"
    return f"{duration(gap)} ago" if gap > 0 else f"in {duration(-gap)}"


def count(number: int) -> str:
    """A whole number with thousands separators."""
    return f"{number:,}"


def percent(share: float, digits: int = 1) -> str:
    """A share of 0 to 1, cut rather than rounded so that 99.96 % never reads as all: "99.9 %", "100 %"."""
    step = Decimal(1).scaleb(-digits)
    cut = (Decimal(repr(share)) * 100).quantize(step, rounding=ROUND_DOWN)
    return f"{cut.to_integral_value()} %" if cut == cut.to_integral_value() else f"{cut} %"


def number(value: Decimal, currency: str) -> str:
    """An amount's digits with thousands separators and at least the currency's own decimals: "84,310.00"."""
    whole, point, fraction = amounts.text(Money(value, currency)).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{fraction}"


def money(amount: Money) -> str:
    """Currency and amount: "EUR 84,310.00"."""
    return f"{amount.currency} {number(amount.value, amount.currency)}"


def sums(totals: Mapping[str, Decimal] | None) -> list[str]:
    """Sums by currency, the currencies in alphabetical order; they are never added to one another."""
    return [money(Money(value, currency)) for currency, value in sorted((totals or {}).items())]


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, the last an ellipsis where some are left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def shorten(text: str, head: int = 8, tail: int = 6) -> ShortId:
    """An id cut in the middle if that hides at least four characters; the three parts together are the whole id."""
    if len(text) < head + tail + 4:
        return ShortId(text, "", "")
    return ShortId(text[:head], text[head:-tail], text[-tail:])
