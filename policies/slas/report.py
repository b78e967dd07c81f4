"""SLAs over many instances: aggregated where the instances lie, by SQL over their summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from collectors.store.client import Store
from collectors.timelines import rows
from collectors.timelines.filtering import Clause, Deadline, Filter, where
from collectors.timelines.reading import FINAL
from collectors.workflows.definition import Definition
from collectors.workflows.steady import steady
from policies.slas.judge import NANOSECONDS, judge
from policies.slas.model import Figures, Report, Sla, SlaState, Waiting

HOUR, DAY = 3_600 * NANOSECONDS, 86_400 * NANOSECONDS
#: Upper bounds of the ageing bands, in nanoseconds past due; the last band has none.
AGEING = (HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)


@dataclass(frozen=True, slots=True)
class Band:
    """Overdue instances whose time ran out at least ``low`` and less than ``high`` nanoseconds ago."""

    low: int
    high: int | None
    count: int
    amounts: Mapping[str, Decimal]


@dataclass(slots=True)
class SlaReports:
    """Questions about SLAs; ``active`` gives the definition by which each workflow is read at present."""

    store: Store
    active: Callable[[], Mapping[str, Definition]]

    @steady
    def report(
        self, sla: Sla, start: int, end: int, now: int, *, by: str | None = None, chosen: Filter | None = None
    ) -> Report:
        """Figures of the period [start, end), in all, by the values of a dimension, and over time.

        Times are nanoseconds; an instance belongs to the period in which it reached the SLA's first step.
        """
        bucket = bucket_of(end - start)
        picked = self._picked(sla, start, end, now, chosen)
        total = self._figures(sla, picked, now, "''")
        groups: dict[str, Figures] = {}
        if by is not None:
            groups = self._figures(sla, picked, now, f"dimensions[{_bound('by')}]", {"by": by})
        column = f"toString(intDiv(toUnixTimestamp64Nano(reached[{_bound('first')}]), {bucket}) * {bucket})"
        series = self._figures(sla, picked, now, column, {"first": sla.start})
        return Report(
            sla=sla,
            start=start,
            end=end,
            total=total.get("", Figures(waiting={})),
            groups=groups,
            series={int(at): figures for at, figures in sorted(series.items(), key=lambda item: int(item[0]))},
            bucket=bucket,
        )

    @steady
    def waiting(
        self,
        sla: Sla,
        now: int,
        *,
        states: Sequence[SlaState] = ("overdue",),
        chosen: Filter | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Waiting]:
        """The instances in these states, those that are due longest first."""
        definition = self.active().get(sla.workflow)
        if definition is None:
            return []
        clause = where(replace(chosen or Filter(), deadline=deadline_of(sla), now=now))
        conditions = clause.state_of(deadline_of(sla), now)
        clause.add(" OR ".join(f"({conditions[state]})" for state in states))
        first = clause.bind(sla.start, "String")
        found = self.store.query(
            f"SELECT {rows.INSTANCE} FROM instances_by_week FINAL "
            f"WHERE definition = {{definition:String}} AND gone = 0 AND {clause.sql} "
            f"ORDER BY reached[{first}], id LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}",
            {"definition": definition.id, "limit": limit, "offset": offset, **clause.parameters},
            settings=FINAL,
        )
        return [_waiting(sla, now, rows.instance(sla.workflow, row)) for row in found]

    @steady
    def ageing(self, sla: Sla, now: int, chosen: Filter | None = None) -> list[Band]:
        """Overdue instances by how long ago their time ran out."""
        definition = self.active().get(sla.workflow)
        if definition is None:
            return []
        clause = where(replace(chosen or Filter(), deadline=deadline_of(sla), deadline_state="overdue", now=now))
        first, bounds = clause.bind(sla.start, "String"), clause.bind(list(AGEING), "Array(Int64)")
        past = f"{clause.bind(now - sla.within, 'Int64')} - toUnixTimestamp64Nano(reached[{first}])"
        found = self.store.query(
            f"SELECT arrayCount(b -> b <= {past}, {bounds}) AS band, count(), {_money('1')} FROM instances_by_week FINAL "
            f"WHERE definition = {{definition:String}} AND gone = 0 AND {clause.sql} GROUP BY band",
            {"definition": definition.id, **clause.parameters},
            settings=FINAL,
        )
        counted = {int(band): (int(count), _amounts(money)) for band, count, money in found}
        lows, highs = (0, *AGEING), (*AGEING, None)
        none: tuple[int, dict[str, Decimal]] = (0, {})
        return [Band(lows[i], highs[i], *counted.get(i, none)) for i in range(len(lows))]

    def _picked(self, sla: Sla, start: int, end: int, now: int, chosen: Filter | None) -> Filter:
        return replace(chosen or Filter(), deadline=deadline_of(sla), deadline_since=start, deadline_until=end, now=now)

    def _figures(
        self, sla: Sla, chosen: Filter, now: int, group: str, parameters: Mapping[str, Any] | None = None
    ) -> dict[str, Figures]:
        """Figures by the values of a SQL expression."""
        definition = self.active().get(sla.workflow)
        if definition is None:
            return {}
        clause: Clause = where(chosen)
        states = clause.state_of(deadline_of(sla), now)
        clause.add(" OR ".join(f"({condition})" for condition in states.values()))
        first, last = clause.bind(sla.start, "String"), clause.bind(sla.end, "String")
        seconds = f"(toUnixTimestamp64Nano(reached[{last}]) - toUnixTimestamp64Nano(reached[{first}])) / {NANOSECONDS}"
        counts = ", ".join(f"countIf({states[state]})" for state in ("met", "breached", "pending", "overdue"))
        ended = f"has(mapKeys(reached), {last})"
        found = self.store.query(
            f"SELECT {group} AS part, count(), {counts}, "
            f"quantilesExactInclusiveIf(0.5, 0.9, 0.99)({seconds}, {ended} AND {seconds} >= 0), "
            f"{_money(states['overdue'])}, countIf({ended} AND {seconds} < 0) FROM instances_by_week FINAL "
            f"WHERE definition = {{definition:String}} AND gone = 0 AND {clause.sql} GROUP BY part ORDER BY part",
            {"definition": definition.id, **clause.parameters, **(parameters or {})},
            settings=FINAL,
        )
        return {str(row[0]): _row(row[1:]) for row in found}


def deadline_of(sla: Sla) -> Deadline:
    """What a list needs to know of an SLA to filter by it."""
    return Deadline(sla.start, sla.end, sla.within, sla.as_good)


def bucket_of(period: int) -> int:
    """The width of a column in a chart over a period, in nanoseconds: an hour, six hours or a day."""
    if period <= 2 * DAY:
        return HOUR
    return 6 * HOUR if period <= 10 * DAY else DAY


def _waiting(sla: Sla, now: int, instance: Any) -> Waiting:
    verdict = judge(sla, instance.reached, instance.state, now)
    if verdict is None:  # the query asks that the first step was reached
        raise AssertionError(instance.id)
    return Waiting(instance, instance.reached[sla.start], verdict.due_at, verdict.state, verdict.seconds)


def _bound(name: str) -> str:
    return f"{{{name}:String}}"


def _money(condition: str) -> str:
    """Sums by currency: amounts of different currencies are never added."""
    return f"sumMapIf([currency], [assumeNotNull(amount)], ({condition}) AND amount IS NOT NULL)"


def _amounts(money: Sequence[Any]) -> dict[str, Decimal]:
    return dict(sorted(zip(money[0], money[1], strict=True)))


def _row(row: Sequence[Any]) -> Figures:
    count, met, breached, pending, overdue, quantiles, money, backwards = row
    # Interpolating in floats leaves noise below the nanosecond that times have.
    seen = met + breached and quantiles[0] == quantiles[0]
    p50, p90, p99 = (round(one, 9) for one in quantiles) if seen else (None, None, None)
    return Figures(count, met, breached, pending, overdue, p50, p90, p99, _amounts(money), backwards)
