"""Which instances a list shows: plain values in, a WHERE clause with bound parameters out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from collectors.timelines.model import State

DeadlineState = Literal["met", "breached", "pending", "overdue"]
#: Orders of a list: started last first, started first first, silent longest first, largest amount of a currency first, or
#: by id. Ids only go down when events join instances, so a walk by id meets no object twice while events arrive.
Sort = Literal["started", "age", "silence", "amount", "id"]
#: The steps that an instance reached as (step, time), in time; of steps reached at one time the one declared first.
WAY_SQL = "arraySort(w -> (w.2, indexOf({order}, w.1), w.1), arrayZip(mapKeys(reached), mapValues(reached)))"


@dataclass(frozen=True, slots=True)
class Deadline:
    """From the first time of one step to the first time of another, or of one that is as good, within so many nanoseconds."""

    start: str
    end: str
    within: int
    as_good: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """All conditions must hold; what is left out does not restrict.

    ``key`` is the hash of a key of the instance or its id; ``since`` and ``until`` bound started_at (nanoseconds, until exclusive); all of ``steps`` were reached; ``overdue`` is true
    (false) if any (none) of ``deadlines`` is overdue at ``now``; ``deadline`` stands in ``deadline_state`` at ``now``,
    with its start in [deadline_since, deadline_until).

    ``order`` are the steps as they are declared, which decides between steps that were reached at the same time. By it,
    ``current`` is the step reached last, each of ``hops`` are two steps reached one right after the other, and ``path`` all
    steps that were reached (empty: none). ``least`` and ``most`` bound the amount, both inclusive, in ``currency``.
    ``heard_before`` asks that nothing happened from then on. ``errors``: whether any milestone failed; ``error`` is
    part of what a failed one said, in upper or lower case; ``error_type`` is a kind of error that one met. ``unread``: whether any
    milestone stated an amount that can't be read.
    """

    key: bytes | None = None
    state: State | None = None
    since: int | None = None
    until: int | None = None
    steps: tuple[str, ...] = ()
    missing: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)
    overdue: bool | None = None
    deadlines: tuple[Deadline, ...] = ()
    deadline: Deadline | None = None
    deadline_state: DeadlineState | None = None
    deadline_since: int | None = None
    deadline_until: int | None = None
    now: int = 0
    order: tuple[str, ...] = ()
    current: str | None = None
    hops: tuple[tuple[str, str], ...] = ()
    path: tuple[str, ...] | None = None
    currency: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    heard_before: int | None = None
    errors: bool | None = None
    error: str | None = None
    error_type: str | None = None
    unread: bool | None = None


class Clause:
    """A WHERE clause in the making: conditions joined by AND, values bound."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self.parameters: dict[str, Any] = {}

    def bind(self, value: Any, kind: str) -> str:
        """A placeholder for a value of a ClickHouse type."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"{{{name}:{kind}}}"

    def time(self, nanoseconds: int) -> str:
        """A placeholder for a time."""
        return f"fromUnixTimestamp64Nano({self.bind(nanoseconds, 'Int64')}, 'UTC')"

    def add(self, condition: str) -> None:
        """One more condition."""
        self._conditions.append(condition)

    @property
    def sql(self) -> str:
        """The conditions, "1" if there is none."""
        return " AND ".join(f"({condition})" for condition in self._conditions) or "1"

    def state_of(self, deadline: Deadline, now: int) -> dict[DeadlineState, str]:
        """The condition for each state of a deadline; an instance whose start was not reached is in none."""
        start, ends = self.bind(deadline.start, "String"), self.bind([deadline.end, *deadline.as_good], "Array(String)")
        within, present = self.bind(deadline.within, "Int64"), self.time(now)
        begun, ended = f"has(mapKeys(reached), {start})", f"hasAny(mapKeys(reached), {ends})"
        first = f"arrayMin(arrayMap(e -> reached[e], arrayFilter(e -> has(mapKeys(reached), e), {ends})))"
        due = f"addNanoseconds(reached[{start}], {within})"
        # What was cancelled before the end was reached owes nothing any more.
        waiting = f"{begun} AND NOT {ended} AND state != 'cancelled'"
        late = f"{waiting} AND {due} <= {present}"
        return {
            "met": f"{begun} AND {ended} AND {first} <= {due}",
            "breached": f"({begun} AND {ended} AND {first} > {due}) OR ({late} AND state = 'failed')",
            "pending": f"{waiting} AND {due} > {present}",
            "overdue": f"{late} AND state != 'failed'",
        }


def where(chosen: Filter) -> Clause:
    """The clause over columns of ``instances`` that a filter means; whoever asks binds ``definition`` too."""
    clause = Clause()
    if chosen.state is not None:
        clause.add(f"state = {clause.bind(chosen.state, 'String')}")
    if chosen.since is not None:
        clause.add(f"started_at >= {clause.time(chosen.since)}")
    if chosen.until is not None:
        clause.add(f"started_at < {clause.time(chosen.until)}")
    for step in chosen.steps:
        clause.add(f"has(mapKeys(reached), {clause.bind(step, 'String')})")
    if chosen.missing is not None:
        clause.add(f"NOT has(mapKeys(reached), {clause.bind(chosen.missing, 'String')})")
    for name, value in sorted(chosen.dimensions.items()):
        clause.add(f"dimensions[{clause.bind(name, 'String')}] = {clause.bind(value, 'String')}")
    if chosen.overdue is not None:
        late = " OR ".join(f"({clause.state_of(one, chosen.now)['overdue']})" for one in chosen.deadlines) or "0"
        clause.add(late if chosen.overdue else f"NOT ({late})")
    _way(clause, chosen)
    _money(clause, chosen)
    _errors(clause, chosen)
    if chosen.heard_before is not None:
        clause.add(f"last_at < {clause.time(chosen.heard_before)}")
    if chosen.deadline is not None:
        _deadline(clause, chosen, chosen.deadline)
    return clause


def _way(clause: Clause, chosen: Filter) -> None:
    if chosen.current is None and not chosen.hops and chosen.path is None:
        return
    way = WAY_SQL.format(order=clause.bind(list(chosen.order), "Array(String)"))
    if chosen.current is not None:
        step = clause.bind(chosen.current, "String")
        clause.add(f"has(mapKeys(reached), {step}) AND {way}[-1].1 = {step}")
    for hop in chosen.hops:
        steps = clause.bind(list(hop), "Array(String)")
        clause.add(f"hasAll(mapKeys(reached), {steps}) AND hasSubstr({way}.1, {steps})")
    if chosen.path is not None:
        steps = clause.bind(list(chosen.path), "Array(String)")
        clause.add(f"length(reached) = length({steps}) AND {way}.1 = {steps}")


def _money(clause: Clause, chosen: Filter) -> None:
    if chosen.currency is not None:
        clause.add(f"currency = {clause.bind(chosen.currency, 'String')}")
    if chosen.unread is not None:
        clause.add("unread_amounts > 0" if chosen.unread else "unread_amounts = 0")
    for bound, comparison in ((chosen.least, ">="), (chosen.most, "<=")):
        if bound is not None:
            clause.add(f"amount {comparison} {clause.bind(bound, 'Decimal(38, 12)')}")


def _errors(clause: Clause, chosen: Filter) -> None:
    if chosen.errors is not None:
        clause.add("errors > 0" if chosen.errors else "errors = 0")
    if chosen.error_type is not None:
        clause.add(f"has(error_types, {clause.bind(chosen.error_type, 'String')})")
    if chosen.error is not None:
        # A milestone's keys are among those of its instance, so one of them is enough to find it by.
        text = clause.bind(chosen.error, "String")
        clause.add(
            "errors > 0 AND arrayExists(k -> k IN (SELECT keys[1] FROM milestones "
            "WHERE definition = {definition:String} AND status = 'error' "
            f"AND positionCaseInsensitiveUTF8(message, {text}) > 0), keys)"
        )


def _deadline(clause: Clause, chosen: Filter, deadline: Deadline) -> None:
    start = clause.bind(deadline.start, "String")
    clause.add(f"has(mapKeys(reached), {start})")
    if chosen.deadline_state is not None:
        clause.add(clause.state_of(deadline, chosen.now)[chosen.deadline_state])
    if chosen.deadline_since is not None:
        # The last thing that happened is no earlier than any step; that much an index knows without reading the row.
        since = clause.time(chosen.deadline_since)
        clause.add(f"last_at >= {since} AND reached[{start}] >= {since}")
    if chosen.deadline_until is not None:
        until = clause.time(chosen.deadline_until)
        clause.add(f"started_at < {until} AND reached[{start}] < {until}")
