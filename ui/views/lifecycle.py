"""Versions that end: who is still there, week by week. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from markupsafe import Markup

from policies.lifecycle.leaving import Caller, Leaving
from policies.lifecycle.notices import Notice, addressees, told_of
from ui import format as fmt
from ui import words
from ui.charts import scales, sparkline
from ui.charts.frame import Span
from ui.views.evaluations import nanoseconds

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
    told: str
    told_at: int | None
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
    gone: bool = False
    notify: str = ""


def row(one: Leaving, given: Sequence[Notice] = ()) -> Row:
    """A version with all of its callers, and when these were told."""
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
        callers=[
            _caller(caller, one.weeks, most, told_of(given, one.api.name, version.version, caller.service))
            for caller in one.callers
        ],
        unknown=not one.known,
        gone=version.lifecycle == "retired",
        notify=f"/reviews/lifecycle/{quote(one.api.name)}/{quote(version.version)}/notices" if addressees(one) else "",
    )


def said(given: Sequence[Notice], earlier: Sequence[str]) -> str:
    """What came of telling those who are still there."""
    reached = [one.caller for one in given if one.webhooks]
    unheard = [one.caller for one in given if not one.webhooks]
    parts = [f"Told the owners of {words.listing(reached)}." if reached else ""]
    parts += [f"No webhook wants to know of {words.listing(unheard)}, so nobody was reached." if unheard else ""]
    parts += [f"{words.listing(earlier)} had been told earlier today." if earlier else ""]
    return " ".join(filter(None, parts)) or "Nobody is there any more."


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


def _caller(one: Caller, weeks: Sequence[date], most: int, told: Sequence[Notice]) -> CallerRow:
    counted = [(monday, one.weeks.get(monday, 0)) for monday in weeks]
    return CallerRow(
        service=one.service,
        calls=fmt.count(one.calls),
        picture=_picture(counted, most, one.service),
        last_at=int(one.last_call.timestamp() * 1_000_000) * 1_000,
        there=one.there,
        guessed=one.guessed,
        told=_told(told),
        told_at=nanoseconds(told[0].at) if told else None,
        weeks=[(monday.isoformat(), calls) for monday, calls in counted],
    )


def _told(told: Sequence[Notice]) -> str:
    """What is to be said of the last notice beside its time."""
    if not told:
        return ""
    last = told[0]
    if not last.webhooks:
        return "no webhook took it on, so nobody was reached"
    whom = words.listing(last.teams) if last.teams else "no known owner"
    times = f", {len(told):,} times in all" if len(told) > 1 else ""
    return f"{whom}, by {words.listing(last.webhooks)}{times}"


def _picture(counted: Sequence[tuple[date, int]], most: int, service: str) -> Markup:
    if not counted:
        return Markup()
    values = {_nanoseconds(monday): float(calls) for monday, calls in counted}
    span = Span(min(values), max(values) + _WEEK, _WEEK)
    said = f"calls of {service} by week: {', '.join(str(calls) for _, calls in counted)}"
    return sparkline.draw(span, values, scales.numbers([0.0, float(most)]), None, said)


def _nanoseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 10**9
