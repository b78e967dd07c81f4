"""SLAs over a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import quantiles

from collectors.timelines.filtering import Filter
from collectors.timelines.model import Instance
from policies.slas.judge import judge
from policies.slas.model import Figures, Report, Sla, Waiting
from policies.slas.report import AGEING, Band, bucket_of
from tests.ui.stand_ins.lists import money, passes


class Reports:
    """Reports over a list."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances

    def report(
        self, sla: Sla, start: int, end: int, now: int, *, by: str | None = None, chosen: Filter | None = None
    ) -> Report:
        own = [
            one
            for one in self.instances
            if passes(chosen or Filter(), one) and start <= one.reached.get(sla.start, -1) < end
        ]
        bucket = bucket_of(end - start)
        return Report(
            sla, start, end, figures(sla, own, now),
            groups=grouped(sla, own, now, lambda one: one.dimensions.get(by, "")) if by else {},
            series=grouped(sla, own, now, lambda one: one.reached[sla.start] // bucket * bucket),
            bucket=bucket,
        )  # fmt: skip

    def waiting(self, sla: Sla, now: int, *, chosen: Filter | None = None, limit: int = 50) -> list[Waiting]:
        found = [one for one in self._overdue(sla, now) if passes(chosen or Filter(), one)]
        rows = [
            Waiting(one, one.reached[sla.start], one.reached[sla.start] + sla.within, "overdue", None) for one in found
        ]
        return sorted(rows, key=lambda row: row.since)[:limit]

    def ageing(self, sla: Sla, now: int, _chosen: Filter | None = None) -> list[Band]:
        edges = (0, *AGEING, None)
        past = [(now - one.reached[sla.start] - sla.within, one) for one in self._overdue(sla, now)]
        bands = []
        for low, high in pairwise(edges):
            inside = [one for age, one in past if age >= (low or 0) and (high is None or age < high)]
            bands.append(Band(low or 0, high, len(inside), money(inside)))
        return bands

    def _overdue(self, sla: Sla, now: int) -> list[Instance]:
        return [
            one
            for one in self.instances
            if (verdict := judge(sla, one.reached, one.state, now)) and verdict.state == "overdue"
        ]


def figures(sla: Sla, instances: Sequence[Instance], now: int) -> Figures:
    verdicts = [(one, verdict) for one in instances if (verdict := judge(sla, one.reached, one.state, now))]
    counts = {
        state: sum(verdict.state == state for _, verdict in verdicts)
        for state in ("met", "breached", "pending", "overdue")
    }
    took = sorted(verdict.seconds for _, verdict in verdicts if verdict.seconds is not None)
    cuts = quantiles([*took, *took], n=100, method="inclusive") if took else [None] * 99
    overdue = money(one for one, verdict in verdicts if verdict.state == "overdue")
    return Figures(len(verdicts), **counts, p50=cuts[49], p90=cuts[89], p99=cuts[98], waiting=overdue)


def grouped(sla: Sla, instances: Iterable[Instance], now: int, part: Callable) -> dict:
    parts: dict = {}
    for one in instances:
        parts.setdefault(part(one), []).append(one)
    return {name: figures(sla, own, now) for name, own in sorted(parts.items())}
