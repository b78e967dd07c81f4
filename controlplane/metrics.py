"""Figures of the observing half for Prometheus; docs/metrics.md lists each, and a test holds the two together."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from collectors.durations import BOUNDS
from collectors.journal import standing
from collectors.store.client import StoreError
from collectors.timelines.unread import Unread, unread_amounts
from controlplane.observed import Observed

_COUNTED_SECONDS = 30.0


class ObservedMetrics(Collector):
    """Reads the counts when it is asked; nothing is counted twice, and no request waits for it.

    Only amounts that can't be read are asked of the store, at most once in :data:`_COUNTED_SECONDS`.
    """

    def __init__(self, observed: Observed) -> None:
        self._observed = observed
        self._counted = float("-inf")
        self._amounts: Mapping[str, Unread] = {}

    def collect(self) -> Iterator[Metric]:
        """All figures as they are now."""
        yield from self._received()
        yield from self._stored()
        yield from self._correlated()

    def _received(self) -> Iterator[Metric]:
        receiver = self._observed.receiver
        yield _counters(
            "controlplane_otlp_requests", "OTLP requests read, by transport.", "transport", receiver.requests
        )
        acknowledged = HistogramMetricFamily(
            "controlplane_acknowledgement_seconds",
            "Seconds from the last byte of a request to its acknowledgement, by transport.", labels=["transport"],
        )  # fmt: skip
        for transport, seconds in sorted(receiver.acknowledged.copy().items()):
            acknowledged.add_metric([transport], _buckets(seconds.counts), seconds.total)
        yield acknowledged
        yield _counters(
            "controlplane_otlp_refusals", "OTLP requests refused, by the answer.", "answer", receiver.answers
        )
        yield _counters(
            "controlplane_otlp_refused", "OTLP requests refused in whole or in part, by reason.", "reason",
            receiver.tally.refused,
        )  # fmt: skip
        yield CounterMetricFamily("controlplane_spans_received", "Spans in requests read.", receiver.received_spans)
        yield CounterMetricFamily(
            "controlplane_span_bytes_received", "Bytes of spans received, not compressed.", receiver.received_bytes
        )
        yield _counters(
            "controlplane_spans_unstored", "Spans not stored, by reason.", "reason", receiver.tally.left_out
        )
        yield _counters(
            "controlplane_events", "CloudEvents, by what became of them.", "outcome", self._observed.events.events
        )
        yield _counters(
            "controlplane_event_samples", "Events held against their schemas, by what became of them.", "outcome",
            self._observed.events.sampler.outcomes,
        )  # fmt: skip

        yield _counters(
            "controlplane_attributes_changed", "Attributes changed before they were stored, by what was done.", "action",
            receiver.hygiene.changed,
        )  # fmt: skip

    def _stored(self) -> Iterator[Metric]:
        commit = self._observed.commit
        yield CounterMetricFamily("controlplane_spans_stored", "Spans stored and acknowledged.", commit.spans)
        yield CounterMetricFamily("controlplane_span_bytes_stored", "Bytes of spans stored.", commit.stored_bytes)
        yield CounterMetricFamily(
            "controlplane_requests_repeated", "OTLP requests that were acknowledged already and came again.",
            commit.repeated,
        )  # fmt: skip
        yield CounterMetricFamily("controlplane_inserts", "Inserts of spans that ClickHouse took.", commit.inserts)
        yield CounterMetricFamily("controlplane_insert_failures", "Inserts of spans that failed.", commit.failures)
        yield _histogram(
            "controlplane_insert_seconds", "Seconds of an insert that ClickHouse took.", commit.seconds.counts,
            commit.seconds.total,
        )  # fmt: skip
        yield GaugeMetricFamily("controlplane_buffer_bytes", "Bytes taken and not stored yet.", commit.buffered_bytes)
        yield GaugeMetricFamily(
            "controlplane_buffer_limit_bytes", "Bytes beyond which senders are asked to come back.", commit.buffer_bytes
        )

        if (directory := self._observed.store.directory) is not None:
            waiting, aside = standing(directory / "journal")
            yield GaugeMetricFamily(
                "controlplane_journal_bytes", "Bytes acknowledged that stand in the journal and wait for their insert.",
                waiting,
            )  # fmt: skip
            yield GaugeMetricFamily(
                "controlplane_journal_segments_refused",
                "Segments of the journal that are kept for people, since something in them could not be stored.", aside,
            )  # fmt: skip

    def _correlated(self) -> Iterator[Metric]:
        correlator = self._observed.correlator
        yield CounterMetricFamily(
            "controlplane_correlation_rounds", "Rounds that joined milestones.", correlator.rounds
        )
        yield CounterMetricFamily("controlplane_correlation_milestones", "Milestones joined.", correlator.facts)
        yield GaugeMetricFamily(
            "controlplane_correlation_lag_seconds", "Seconds that timelines are behind; 0 if nothing waits.",
            correlator.lag_seconds,
        )  # fmt: skip
        yield GaugeMetricFamily("controlplane_workflows_read", "Workflows that answer.", len(correlator.active))
        total = GaugeMetricFamily(
            "controlplane_history_weeks", "Weeks of history that a changed workflow has to read.", labels=["workflow"]
        )
        done = GaugeMetricFamily(
            "controlplane_history_weeks_done", "Weeks of history that it has read.", labels=["workflow"]
        )
        portions = GaugeMetricFamily(
            "controlplane_history_portions", "Portions in which what was read is put together.", labels=["workflow"]
        )
        folded = GaugeMetricFamily(
            "controlplane_history_portions_done", "Portions that are put together.", labels=["workflow"]
        )
        yield self._unread()
        for one in correlator.building:
            for family, value in ((total, one.total), (done, one.done), (portions, one.portions), (folded, one.folded)):
                family.add_metric([one.workflow], value)
        yield from (total, done, portions, folded)

    def _unread(self) -> Metric:
        family = GaugeMetricFamily(
            "controlplane_unread_amounts", "Milestones whose amount can't be read.", labels=["workflow"]
        )
        if time.monotonic() - self._counted > _COUNTED_SECONDS:
            # A store that is away is told by other figures; what was counted last stands.
            with suppress(StoreError):
                self._amounts = unread_amounts(self._observed.store, self._observed.correlator.active.values())
            self._counted = time.monotonic()
        for workflow, unread in sorted(self._amounts.items()):
            family.add_metric([workflow], unread.milestones)
        return family


def install(registry: CollectorRegistry, observed: Observed) -> None:
    """Show the figures among the others of this server."""
    registry.register(ObservedMetrics(observed))


def _counters(name: str, text: str, label: str, counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    # A copy, since another thread may count something for the first time meanwhile.
    for value, count in sorted(counts.copy().items()):
        family.add_metric([value], count)
    return family


def _histogram(name: str, text: str, counts: Iterable[int], total: float) -> Metric:
    return HistogramMetricFamily(name, text, buckets=_buckets(counts), sum_value=total)


def _buckets(counts: Iterable[int]) -> list[tuple[str, float]]:
    buckets, running = list[tuple[str, float]](), 0
    for bound, count in zip((*(str(bound) for bound in BOUNDS), "+Inf"), list(counts), strict=True):
        running += count
        buckets.append((bound, running))
    return buckets
