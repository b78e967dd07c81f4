"""What a page's address asks for: the period and the filters, read leniently and said back plainly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from collectors.timelines.model import Instance
from collectors.workflows.definition import Definition
from registry.durations import parse_duration
from ui import format as fmt

#: Periods that the form offers, ISO 8601 and in words.
PERIODS = (("P1D", "24 hours"), ("P7D", "7 days"), ("P30D", "30 days"), ("P90D", "90 days"), ("P365D", "a year"))
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)
_DAY_LENGTH = len("2026-03-31")


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) in nanoseconds; ``name`` is the length that was asked for, "" if the dates were given.

    ``whole`` means that nothing was asked, where that stands for any time.
    """

    start: int
    end: int
    name: str
    since_text: str = ""
    until_text: str = ""
    trouble: str = ""
    whole: bool = False

    @property
    def words(self) -> str:
        """The period in a sentence: "in the last 30 days", "from 1 Mar 2026 to 31 Mar 2026"."""
        if self.whole:
            return "so far"
        if self.name:
            known = dict(PERIODS).get(self.name)
            return f"in the last {known or fmt.duration(self.end - self.start)}"
        return f"from {fmt.date(self.start)} to {fmt.date(self.end - 1)}"

    @property
    def parameters(self) -> dict[str, str]:
        """The period as query parameters."""
        if self.name:
            return {"period": self.name}
        if self.whole:
            return {}
        return {name: text for name, text in (("from", self.since_text), ("to", self.until_text)) if text}


def period(parameters: Mapping[str, str], now: int, usual: str = "") -> Period:
    """The period that ``from`` and ``to``, or ``period``, ask for; else the usual one up to now ("" is any time).

    A day as ``to`` counts in whole. What can't be read is said in ``trouble`` and the usual period is taken.
    """
    since, until = parameters.get("from", "").strip(), parameters.get("to", "").strip()
    name = parameters.get("period", "").strip()
    try:
        if since or until:
            return _between(since, until, now)
        return _last(name or usual, now)
    except (ValueError, OverflowError) as error:
        fallback = _last(usual, now)
        shown = "any time" if fallback.whole else fallback.words.removeprefix("in ")
        said = f"{error}. This shows {shown} instead."
        return replace(fallback, since_text=since, until_text=until, trouble=said)


def _between(since: str, until: str, now: int) -> Period:
    end = _moment(until, whole_day=True) if until else now
    start = _moment(since, whole_day=False) if since else end - 30 * fmt.DAY
    if start >= end:
        raise ValueError("The period ends before it begins")
    return Period(start, end, "", since, until)


def _last(name: str, now: int) -> Period:
    if not name:
        return Period(0, now, "", whole=True)
    length = parse_duration(name) // timedelta(microseconds=1) * fmt.MICROSECOND
    if length <= 0:
        raise ValueError(f"{name!r} is no length of time")
    return Period(max(0, now - length), now, name)


def _moment(text: str, *, whole_day: bool) -> int:
    is_day = len(text) == _DAY_LENGTH
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no date; write one like 2026-03-31 or 2026-03-31T12:00:00Z") from None
    moment = _nanoseconds(at if at.tzinfo else at.replace(tzinfo=UTC))
    return moment + fmt.DAY if is_day and whole_day else moment


def _nanoseconds(at: datetime) -> int:
    if not _EARLIEST <= at < _LATEST:
        raise ValueError(f"{at:%Y-%m-%d} lies outside the years 1970 to 2261")
    return (at - _EARLIEST) // timedelta(microseconds=1) * fmt.MICROSECOND


def dimensions(parameters: Iterable[tuple[str, str]], declared: Iterable[str]) -> dict[str, str]:
    """The filters on dimensions, those that the workflow declares and that are not empty."""
    known = set(declared)
    return {name: value.strip() for name, value in parameters if name in known and value.strip()}


def known_values(definition: Definition, instances: Iterable[Instance]) -> dict[str, list[str]]:
    """The values that each dimension has among instances, to offer in a form."""
    known: dict[str, set[str]] = {name: set() for name, _ in definition.dimensions}
    for instance in instances:
        for name in known:
            known[name] |= {value} if (value := instance.dimensions.get(name, "")) else set()
    return {name: sorted(values) for name, values in known.items()}
