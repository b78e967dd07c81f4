"""ISO 8601 durations of fixed length, to and from ``timedelta``."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,9})?)"
_SHAPE = re.compile(
    rf"P(?:{_NUMBER}W|(?:{_NUMBER}D)?(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)",
    re.ASCII,
)
_CALENDAR = re.compile(r"P[0-9.]*(?:Y|[0-9.]+M)", re.ASCII)
_MICROSECONDS = tuple(1_000_000 * seconds for seconds in (604_800, 86_400, 3_600, 60, 1))
_LONGEST = timedelta(days=36_500)
_LONGEST_TEXT = 100
_EXAMPLES = "such as PT15M, PT4H, P1DT12H, P30D or P2W"


def parse_duration(text: str) -> timedelta:
    """The length that an ISO 8601 duration names: ``PnW`` or ``PnDTnHnMnS``, the smallest part may have a fraction.

    Years and months are refused since they have no fixed length. Raises ``ValueError`` with one sentence.
    """
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"a text of {len(text):,} characters is no ISO 8601 duration; write one {_EXAMPLES}")
    shape = _SHAPE.fullmatch(text)
    if shape is None or not any(shape.groups()):
        if _CALENDAR.match(text):
            raise ValueError(f"{text!r} counts years or months, which differ in length; write weeks or days instead")
        raise ValueError(f"{text!r} is no ISO 8601 duration; write one {_EXAMPLES}")
    parts = [(Decimal(number), unit) for number, unit in zip(shape.groups(), _MICROSECONDS, strict=True) if number]
    if any(number % 1 for number, _ in parts[:-1]):
        raise ValueError(f"{text!r} has a fraction before its last part; only the smallest unit may have one")
    total = sum((number * unit for number, unit in parts), Decimal(0))
    if total % 1:
        raise ValueError(f"{text!r} is finer than a microsecond")
    if total > _LONGEST // timedelta(microseconds=1):
        raise ValueError(f"{text!r} is longer than 100 years")
    return timedelta(microseconds=int(total))


def format_duration(length: timedelta) -> str:
    """The shortest ISO 8601 text for a length of zero or more; ``parse_duration`` gives the length back."""
    if length < timedelta(0):
        raise ValueError("a duration can't be negative")
    hours, rest = divmod(length.seconds, 3_600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    days = f"{length.days}D" if length.days else ""
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    if not days and not clock:
        return "PT0S"
    return f"P{days}" + (f"T{clock}" if clock else "")


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError(f"must be an ISO 8601 duration {_EXAMPLES}")  # noqa: TRY004  pydantic reports ValueError only
    return parse_duration(value)


Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(format_duration, return_type=str)]
"""A pydantic field that reads and writes ISO 8601 durations."""
