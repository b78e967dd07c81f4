"""Times as text: RFC 3339 in UTC outside, nanoseconds inside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

NANOSECONDS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"([.,])(\d+)")
#: What a signed 64-bit count of nanoseconds and the store's DateTime64(9) both hold.
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)


class TimeError(ValueError):
    """A text that is no time, or a time that can't be used; one sentence for a person."""


def rfc3339(nanoseconds: int) -> str:
    """UTC with as many digits as are needed, in threes: ``2026-05-16T08:30:00.250Z``."""
    seconds, rest = divmod(nanoseconds, NANOSECONDS)
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{rest:09}"
    while fraction.endswith("000"):
        fraction = fraction[:-3]
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def parse(text: str) -> int:
    """Nanoseconds of an RFC 3339 time or a date (midnight UTC); a time without a zone is refused.

    Raises:
        TimeError: it is neither, or outside the years 1970 to 2261.
    """
    # A "+" that was not escaped in a URL arrives as a blank.
    cleaned = re.sub(r" (\d\d:?\d\d)$", r"+\1", text.strip())
    try:
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        raise TimeError(f"{text[:40]!r} is no time; write 2026-05-16T08:30:00Z or 2026-05-16") from None
    if moment.tzinfo is None:
        if "T" in cleaned or ":" in cleaned:
            raise TimeError(f"{text[:40]!r} says no zone; add Z for UTC")
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise TimeError(f"{text[:40]!r} is out of range") from None
    if not _EARLIEST <= moment < _LATEST:
        raise TimeError(f"{text[:40]!r} is out of range; years 1970 to 2261 can be used")
    digits = _FRACTION.search(cleaned)
    nanos = int(digits[2][:9].ljust(9, "0")) if digits else 0
    return (moment.replace(microsecond=0) - _EPOCH) // timedelta(seconds=1) * NANOSECONDS + nanos
