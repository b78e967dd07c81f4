"""Versions that end: who is still there, week by week. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from markupsafe import Markup

from policies.lifecycle.leaving import Caller, Leaving
from ui import format as fmt
from ui.charts import scales, sparkline
from ui.charts.frame import Span

_WEEK = 7 * 86_400 * 10**9


@dataclass(frozen=True, slots=True)
class CallerRow:
    """A caller with its calls by week, as a picture and in numbers."""

    service: str
    calls: str
    picture: Markup
    last_at: int
    there: bool
    guessed: bool
    weeks: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """A version that ends; ``state`` and ``word`` say how it stands."""

    api: str
    title: str
    version: str
    owner: str | None
    state: str
    word: str
    dates: Sequence[tuple[str, str]]
    replacement: str
    callers: Sequence[CallerRow]
    unknown: bool


def row(one: Leaving) -> Row:
    """A version with all of its callers."""
    state, word = _standing(one)
    version, instead = one.version, one.version.replacement
    days = (
        ("deprecated", version.dates.deprecated),
        ("sunset", version.sunset),
        ("retired", version.dates.retired),
    )
    most = max((calls for caller in one.callers for calls in caller.weeks.values()), default=1)
    return Row(
        api=one.api.name,
        title=one.api.title,
        version=version.version,
        owner=one.api.metadata.owner,
        state=state,
        word=word,
        dates=[(name, day.isoformat()) for name, day in days if day is not None],
        replacement=" ".join(filter(None, (instead.api or one.api.name, instead.version))) if instead else "",
        callers=[_caller(caller, one.weeks, most) for caller in one.callers],
        unknown=not one.known,
    )


def _standing(one: Leaving) -> tuple[str, str]:
    if one.incident:
        return "breached", "retired, still called"
    if one.late:
        return "overdue", "past its sunset, still called"
    if one.version.lifecycle == "retired":
        return "met", "retired"
    if one.ready:
        return "met", "quiet, can be retired"
    if not one.known:
        return "pending", f"{one.version.lifecycle}, callers unknown"
    return "pending", f"{one.version.lifecycle}, {one.there} still there" if one.there else one.version.lifecycle


def _caller(one: Caller, weeks: Sequence[date], most: int) -> CallerRow:
    counted = [(monday, one.weeks.get(monday, 0)) for monday in weeks]
    return CallerRow(
        service=one.service,
        calls=fmt.count(one.calls),
        picture=_picture(counted, most, one.service),
        last_at=int(one.last_call.timestamp() * 1_000_000) * 1_000,
        there=one.there,
        guessed=one.guessed,
        weeks=[(monday.isoformat(), calls) for monday, calls in counted],
    )


def _picture(counted: Sequence[tuple[date, int]], most: int, service: str) -> Markup:
    if not counted:
        return Markup()
    values = {_nanoseconds(monday): float(calls) for monday, calls in counted}
    span = Span(min(values), max(values) + _WEEK, _WEEK)
    said = f"calls of {service} by week: {', '.join(str(calls) for _, calls in counted)}"
    return sparkline.draw(span, values, scales.numbers([0.0, float(most)]), None, said)


def _nanoseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 10**9
