"""Figures of deliveries for Prometheus; docs/metrics.md lists each, and a test holds the two together."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from controlplane.webhooks.delivering import Deliveries


class DeliveryMetrics(Collector):
    """Reads the counts when it is asked."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    def collect(self) -> Iterator[Metric]:
        """All figures as they are now."""
        family = CounterMetricFamily(
            "controlplane_webhook_attempts", "Events sent to webhooks, by what came of it.", labels=["outcome"]
        )
        for outcome in ("taken", "refused", "unreachable"):
            family.add_metric([outcome], self._deliveries.counts[outcome])
        yield family
        yield CounterMetricFamily(
            "controlplane_webhook_pauses", "Webhooks paused since they took nothing.", self._deliveries.paused
        )


def install(registry: CollectorRegistry, deliveries: Deliveries) -> None:
    """Show the figures among the others of this server."""
    registry.register(DeliveryMetrics(deliveries))
