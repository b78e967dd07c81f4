"""Which way instances took from step to step, how long each hop took, where they stop and what they are worth there.

Everything is aggregated where the summaries lie; what comes back is as long as the workflow's steps are many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from collectors.store.client import Store
from collectors.timelines.filtering import WAY_SQL, Filter, where
from collectors.timelines.reading import FINAL, of_key
from collectors.workflows.definition import Definition
from collectors.workflows.steady import steady

#: Durations are kept to three digits, so that a percentile over any number of them needs a bounded table: the error is
#: at most half a per cent, and round figures stay what they are.
_DIGITS = 3
_MONEY = "sumMapIf([currency], [assumeNotNull(amount)], amount IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Stop:
    """Instances of one state whose latest step is ``step`` ("" if none was reached), and their money by currency.

    ``oldest`` is the time of the longest silence among them (nanoseconds).
    """

    step: str
    state: str
    count: int
    amounts: Mapping[str, Decimal]
    oldest: int


@dataclass(frozen=True, slots=True)
class Hop:
    """Instances that came to ``end`` right after ``start``; p50 and p90 are nanoseconds, to three digits."""

    start: str
    end: str
    count: int
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The way of ``total`` instances: how many reached each step, began with it, stopped at it, hopped."""

    total: int
    reached: Mapping[str, int]
    began: Mapping[str, int]
    hops: tuple[Hop, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One sequence of steps and the instances that took it; ``p50`` is the median from first to last, nanoseconds."""

    path: tuple[str, ...]
    count: int
    completed: int
    p50: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Variants:
    """The sequences that most took come first; ``number`` is how many there are in all, of ``total`` instances."""

    items: tuple[Variant, ...]
    number: int
    total: int


@dataclass(slots=True)
class Flows:
    """Questions about ways; ``active`` gives the definition by which each workflow is read at present."""

    store: Store
    active: Callable[[], Mapping[str, Definition]]

    @steady
    def flow(self, workflow: str, chosen: Filter) -> Flow:
        """The flow of the instances that a filter lets through."""
        hops = tuple(
            Hop(str(start), str(end), int(count), *_whole(quantiles))
            for start, end, count, quantiles in self._ask(
                workflow,
                chosen,
                "arrayJoin(arrayZip(arrayPopBack(way.1), arrayPopFront(way.1), "
                "arrayPopFront(arrayDifference(arrayMap(at -> toUnixTimestamp64Nano(at), way.2))))) AS hop",
                f"SELECT hop.1, hop.2, count() AS n, {_quantiles('hop.3', 0.5, 0.9)} FROM ({{}}) "
                "GROUP BY 1, 2 ORDER BY n DESC, 1, 2",
            )
        )
        stops = tuple(
            Stop(str(step), str(state), int(count), _amounts(money), int(oldest))
            for step, state, count, money, oldest in self._ask(
                workflow,
                chosen,
                "way[-1].1 AS step, state, amount, currency, last_at",
                f"SELECT step, toString(state), count() AS n, {_MONEY}, toUnixTimestamp64Nano(min(last_at)) FROM ({{}}) "
                "GROUP BY step, state ORDER BY n DESC, 1, 2",
            )
        )
        ends = self._ask(
            workflow,
            chosen,
            "way[1].1 AS began, arrayJoin(way.1) AS step",
            "SELECT step, count(), countIf(step = began) FROM ({}) GROUP BY step ORDER BY step",
        )
        return Flow(
            total=sum(stop.count for stop in stops),
            reached={str(step): int(count) for step, count, _ in ends},
            began={str(step): int(count) for step, _, count in ends if count},
            hops=hops,
            stops=stops,
        )

    @steady
    def variants(self, workflow: str, chosen: Filter, limit: int = 20) -> Variants:
        """The sequences of steps, each step at the first time that it was reached, those that most took first."""
        found = self._ask(
            workflow,
            chosen,
            "way.1 AS path, state, amount, currency, if(empty(way), 0, toUnixTimestamp64Nano(way[-1].2) - "
            "toUnixTimestamp64Nano(way[1].2)) AS took",
            f"SELECT path, count() AS n, countIf(state = 'completed'), {_quantiles('took', 0.5)}, {_MONEY}, "
            f"count() OVER (), sum(n) OVER () FROM ({{}}) GROUP BY path ORDER BY n DESC, path LIMIT {limit:d}",
        )
        items = tuple(
            Variant(tuple(map(str, path)), int(count), int(completed), _whole(quantiles)[0], _amounts(money))
            for path, count, completed, quantiles, money, _, _ in found
        )
        return Variants(items, int(found[0][5]) if found else 0, int(found[0][6]) if found else 0)

    def _ask(self, workflow: str, chosen: Filter, columns: str, question: str) -> Sequence[Sequence[Any]]:
        """A question over columns of the instances, ``way`` among them; ``{}`` in it is where they come from."""
        definition = self.active().get(workflow)
        if definition is None:
            return []
        order = tuple(step.name for step in definition.steps)
        clause = where(replace(chosen, order=order))
        if chosen.key is not None and not of_key(self.store, definition, chosen.key, clause):
            return []
        way = WAY_SQL.format(order=clause.bind(list(order), "Array(String)"))
        inner = (
            f"SELECT {columns} FROM (SELECT {way} AS way, state, amount, currency, last_at FROM instances_by_week FINAL "
            f"WHERE definition = {{definition:String}} AND gone = 0 AND {clause.sql})"
        )
        parameters = {"definition": definition.id, **clause.parameters}
        return self.store.query(question.format(inner), parameters, settings=FINAL)


def _quantiles(column: str, *levels: float) -> str:
    scale = f"toInt64(exp10(greatest(0, floor(log10(greatest(1, {column}))) - {_DIGITS - 1})))"
    rounded = f"toInt64(round({column} / {scale})) * {scale}"
    return f"quantilesExactWeighted({', '.join(map(str, levels))})({rounded}, 1)"


def _whole(quantiles: Sequence[Any]) -> list[int]:
    return [int(value) for value in quantiles]


def _amounts(money: Sequence[Any]) -> dict[str, Decimal]:
    return dict(sorted(zip(money[0], money[1], strict=True)))
