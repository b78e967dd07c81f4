"""Figures of how things stand for Prometheus: incidents, webhooks, deadlines, what was let go; docs/metrics.md lists each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from collectors.store.client import StoreError
from controlplane import readings
from controlplane.http.asking import now_of
from controlplane.observed import Observed
from controlplane.state import AppState
from policies.lifecycle import keeping
from policies.slas.report import SlaReports
from registry.webhooks import service

#: How old what was counted in the stores may be, in seconds: anybody may ask for figures as often as they like.
COUNTED_SECONDS = 30.0


@dataclass(slots=True)
class _Counted:
    """What was counted last; a store that is away is told by other figures, and this stands meanwhile."""

    at: float = float("-inf")
    incidents: Mapping[str, int] = field(default_factory=dict)
    webhooks: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, int] = field(default_factory=dict)


class StandingMetrics(Collector):
    """Asks the stores at most once in :data:`COUNTED_SECONDS`."""

    def __init__(self, state: AppState, observed: Observed) -> None:
        self._state = state
        # By what is joined already: a scrape is nobody who looks, and must not hurry what waits for its insert.
        self._reports = SlaReports(observed.store, lambda: observed.correlator.active)
        self._counted = _Counted()

    def collect(self) -> Iterator[Metric]:
        """All figures as they are now, or were a moment ago."""
        if time.monotonic() - self._counted.at > COUNTED_SECONDS:
            self._count()
        counted = self._counted
        yield _gauges(
            "controlplane_incidents", "Incidents that nobody has ended, by state.", "state", counted.incidents
        )
        yield _gauges("controlplane_webhooks", "Webhooks, by how they stand.", "state", counted.webhooks)
        yield _gauges("controlplane_sla_overdue", "Instances that are overdue now, by SLA.", "sla", counted.overdue)
        yield from self._let_go()
        yield _gauges("controlplane_build_info", "The version that runs.", "version", {_version(): 1})

    def _count(self) -> None:
        self._counted.at = time.monotonic()
        with suppress(SQLAlchemyError), self._state.database.reading() as session:
            self._counted.incidents = keeping.counts(session)
            self._counted.webhooks = Counter(one.standing for one in service.hooks(session))
            slas = readings.slas(session)
            with suppress(StoreError):
                now = now_of(self._state)
                self._counted.overdue = {
                    sla.name: sum(band.count for band in self._reports.ageing(sla, now)) for sla in slas
                }

    def _let_go(self) -> Iterator[Metric]:
        retention = self._state.retention
        yield CounterMetricFamily(
            "controlplane_retention_instances_removed", "Instances let go since they are over.",
            retention.removed.instances,
        )  # fmt: skip
        yield CounterMetricFamily(
            "controlplane_retention_spans_removed", "Spans let go since what they tell of is over.",
            retention.removed.spans,
        )  # fmt: skip
        yield CounterMetricFamily(
            "controlplane_retention_failures", "Times that what is over could not be let go.", retention.failures
        )
        last = GaugeMetricFamily(
            "controlplane_retention_last_run_timestamp_seconds", "When what is over was last let go; absent before."
        )
        if retention.last is not None:
            last.add_metric([], retention.last[0].timestamp())
        yield last


def install(registry: CollectorRegistry, state: AppState, observed: Observed) -> None:
    """Show the figures among the others of this server, and those of its process."""
    registry.register(StandingMetrics(state, observed))
    ProcessCollector(registry=registry)


def _version() -> str:
    return version("integration-controlplane")


def _gauges(name: str, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family
