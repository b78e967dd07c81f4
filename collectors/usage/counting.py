"""Calls counted over a time, hour by hour, so that what was counted once is not looked through again.

A month of spans takes seconds to look through, and nearly all of it was there when it was last asked. So counts are kept in
memory for whole hours and, further back, whole days, each with a mark of the spans that it was counted from: how many there
are, and when they came. A mark is read anew for every question, from two narrow columns. What has another mark by now (spans
came late, or were let go of) is counted again; so an answer always is what looking through all spans would give.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from collectors.store.client import Store
from collectors.usage.calls import calls_sql

_SECOND = 10**9
_HOUR = 3_600
_DAY = 24 * _HOUR
#: The two spans of a call are not further apart; those that are count as two calls.
APART = _HOUR
#: A sender is looked for so much earlier than its receiver.
_SENT_EARLIER = _DAY
#: Less than these hours, or spans, are looked through at once.
_SHORT = 6
_FEW = 200_000
#: What is kept: counts altogether, and in one unit of time (more are names with ids in them).
_MOST = 300_000
_MOST_OF_ONE = 3_000
#: Kinds of calls that are told apart in one unit of time, and names beside them.
_MOST_TOLD = 5_000
_MOST_NAMES = 1_000
#: Stands for names that are not told apart.
OTHERS = "\0"

Key = tuple[str, ...]


class Tally(NamedTuple):
    """Calls, how many of them failed, and when the last one began (nanoseconds)."""

    calls: int
    errors: int
    last_at: int

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.calls + other.calls, self.errors + other.errors, max(self.last_at, other.last_at))


@dataclass(frozen=True, slots=True)
class Question:
    """Which spans are calls (``found``, a condition), their ``columns``, and by what they are counted (``by``, expressions).

    The last of ``by`` is a name if ``named``: where ids stand in names, those that come most are told, and ``OTHERS``.
    """

    found: str
    columns: Mapping[str, str]
    by: Sequence[str]
    named: bool = False

    @property
    def text(self) -> str:
        """What tells it from others."""
        return repr((self.found, sorted(self.columns.items()), tuple(self.by)))


class Counted(NamedTuple):
    """Calls of a kind within an hour or a day, whose beginning ``at`` is (seconds)."""

    at: int
    key: Key
    tally: Tally


@dataclass(frozen=True, slots=True)
class Unit:
    """A time of at most ``step`` (an hour or a day) within which calls are counted together; nanoseconds, the end exclusive."""

    start: int
    end: int
    step: int

    @property
    def at(self) -> int:
        """The beginning of its hour or day (seconds)."""
        return self.start // _SECOND // self.step * self.step

    @property
    def whole(self) -> bool:
        """Whether it is all of its hour or day."""
        return self.end - self.start == self.step * _SECOND


def units(since: int, until: int) -> list[Unit]:
    """A time in whole days where there are such, hours around them, and what is left of hours at both ends. Pure."""
    hours = [-(-since // (_HOUR * _SECOND)) * _HOUR, until // (_HOUR * _SECOND) * _HOUR]
    days = [-(-hours[0] // _DAY) * _DAY, hours[1] // _DAY * _DAY]
    if days[0] > days[1]:
        days = [hours[1], hours[1]]
    marks = [
        *((at * _SECOND, _HOUR) for at in range(hours[0], days[0], _HOUR)),
        *((at * _SECOND, _DAY) for at in range(days[0], days[1], _DAY)),
        *((at * _SECOND, _HOUR) for at in range(days[1], hours[1], _HOUR)),
    ]
    whole = [Unit(start, start + step * _SECOND, step) for start, step in marks]
    first = min(hours[0] * _SECOND, until)
    edges = Unit(since, first, _HOUR), Unit(max(hours[1] * _SECOND, first), until, _HOUR)
    return [one for one in (edges[0], *whole, edges[1]) if one.start < one.end]


def counted(store: Store, question: Question, since: int, until: int) -> list[Counted]:
    """Calls whose last span began from ``since`` until before ``until`` (nanoseconds), by day. Raises ``StoreError``."""
    return _looked_through(store, question, [(since, until)], _DAY)


def _looked_through(store: Store, question: Question, times: Sequence[tuple[int, int]], step: int) -> list[Counted]:
    """The calls of several times, by hour or day, in one statement: to plan it takes as long as to read a day."""
    apart, earlier = APART * _SECOND, (APART + _SENT_EARLIER) * _SECOND
    within = _any_of([(start - apart, end + apart) for start, end in times])
    sent_before = _any_of([(start - earlier, end + apart) for start, end in times])
    by = ", ".join(f"toString({one}) AS by_{number}" for number, one in enumerate(question.by))
    *others, last = (f"by_{number}" for number in range(len(question.by)))
    names = ", ".join((*others, last))
    place = f"row_number() OVER (PARTITION BY {', '.join(('unit', *others))} ORDER BY count() DESC, {last})"
    told = f"if({place} > {_MOST_NAMES}, '\\0', {last})" if question.named else last
    rows = store.query(
        f"""
SELECT unit, {", ".join((*others, "told"))}, sum(calls) AS calls, sum(errors), toUnixTimestamp64Nano(max(last_at))
FROM (
    SELECT toInt64(intDiv(toUnixTimestamp(ts), {step}) * {step}) AS unit, {names}, {told} AS told,
        count() AS calls, sum(failed) AS errors, max(ts) AS last_at
    FROM (SELECT at AS ts, failed, {by} FROM ({calls_sql(question.found, question.columns, within, sent_before)}))
    WHERE {_any_of(times)}
    GROUP BY unit, {names}
)
GROUP BY unit, {", ".join((*others, "told"))}
ORDER BY calls DESC
LIMIT {_MOST_TOLD} BY unit""",
        {},
    )
    return [
        Counted(int(at), tuple(sys.intern(str(one)) for one in key), Tally(int(calls), int(errors), int(last)))
        for at, *key, calls, errors, last in rows
    ]


def _any_of(times: Iterable[tuple[int, int]]) -> str:
    """A condition on ``ts``."""
    return " OR ".join(
        f"(ts >= fromUnixTimestamp64Nano({int(start)}, 'UTC') AND ts < fromUnixTimestamp64Nano({int(end)}, 'UTC'))"
        for start, end in times
    )


@dataclass(slots=True)
class Kept:
    """Counts that are kept, the least recently used given up first. Safe to share between threads."""

    _found: OrderedDict[tuple[str, Unit], tuple[tuple[int, ...], list[Counted]]] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: Lock = field(default_factory=Lock)

    def counted(self, store: Store, question: Question, since: int, until: int) -> list[Counted]:
        """As :func:`counted` gives, but what was counted before is not looked through again."""
        if until - since < _SHORT * _HOUR * _SECOND:
            return counted(store, question, since, until)
        marks = _marks(store, since, until)
        if sum(spans for spans, _ in marks.values()) < _FEW:
            return counted(store, question, since, until)
        found: list[Counted] = []
        missing: dict[int, list[Unit]] = {_HOUR: [], _DAY: []}
        for unit in units(since, until):
            known = self._get(question.text, unit, _mark(marks, unit)) if unit.whole else None
            if known is None:
                missing[unit.step].append(unit)
            else:
                found += known
        for step, every in missing.items():
            if every:
                rows = _looked_through(store, question, _joined(every), step)
                self._keep(question.text, every, rows, marks)
                found += rows
        return found

    def _keep(
        self, text: str, every: Iterable[Unit], rows: Iterable[Counted], marks: Mapping[int, tuple[int, int]]
    ) -> None:
        by_unit: dict[int, list[Counted]] = {unit.at: [] for unit in every}
        for row in rows:
            by_unit[row.at].append(row)
        for unit in every:
            if unit.whole:
                self._put(text, unit, _mark(marks, unit), by_unit[unit.at])

    def _get(self, text: str, unit: Unit, mark: tuple[int, ...]) -> list[Counted] | None:
        with self._lock:
            known = self._found.get((text, unit))
            if known is None or known[0] != mark:
                return None
            self._found.move_to_end((text, unit))
            return known[1]

    def _put(self, text: str, unit: Unit, mark: tuple[int, ...], rows: list[Counted]) -> None:
        if len(rows) > _MOST_OF_ONE:
            return
        with self._lock:
            before = self._found.pop((text, unit), None)
            # Each takes some room, however few its rows are.
            self._size += len(rows) + 1 - (len(before[1]) + 1 if before else 0)
            self._found[text, unit] = mark, rows
            while self._size > _MOST:
                self._size -= len(self._found.popitem(last=False)[1][1]) + 1


def _marks(store: Store, since: int, until: int) -> dict[int, tuple[int, int]]:
    """Hour (seconds) -> how many spans began in it, and the sum of the moments at which they came."""
    rows = store.query(
        """
SELECT toInt64(toUnixTimestamp(toStartOfHour(ts))) AS hour, count(), toString(sum(toInt128(toUnixTimestamp64Micro(received_at))))
FROM spans
WHERE ts >= fromUnixTimestamp64Nano({since:Int64}, 'UTC') AND ts < fromUnixTimestamp64Nano({until:Int64}, 'UTC')
GROUP BY hour""",
        {
            "since": since - (_SENT_EARLIER + 2 * APART + _HOUR) * _SECOND,
            "until": until + (APART + _HOUR) * _SECOND,
        },
    )
    return {int(hour): (int(spans), int(came)) for hour, spans, came in rows}


def _mark(marks: Mapping[int, tuple[int, int]], unit: Unit) -> tuple[int, ...]:
    """What tells the spans from others of which a unit's calls are made, and their senders."""
    start, end = unit.start // _SECOND - _SENT_EARLIER - 2 * APART, unit.end // _SECOND + APART
    return tuple(part for hour in range(start, end, _HOUR) for part in marks.get(hour, (0, 0)))


def _joined(every: Iterable[Unit]) -> list[tuple[int, int]]:
    """Units as times; those that follow one another as one."""
    times: list[tuple[int, int]] = []
    for unit in every:
        if times and times[-1][1] == unit.start:
            times[-1] = times[-1][0], unit.end
        else:
            times.append((unit.start, unit.end))
    return times
