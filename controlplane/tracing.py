"""The product's own traces, sent where OpenTelemetry's standard variables say; without an endpoint there are none.

``OTEL_EXPORTER_OTLP_ENDPOINT`` or ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` turns them on; the SDK reads sampling, headers,
resource and the rest from its own variables. Requests of people and tools become spans with the store's statements below
them, so do deliveries to webhooks and what the server does by itself; receiving and storing spans becomes none, or a server
that watches itself would never fall silent.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controlplane.own_traces import Traces

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def start() -> Traces | None:
    """Begin to trace where an endpoint is set; the caller stops it, which sends what is left."""
    environment = {name: value.lower() for name, value in os.environ.items() if name.startswith("OTEL_")}
    off = environment.get("OTEL_SDK_DISABLED") == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    if off or not any(environment.get(name) for name in _ENDPOINTS):
        return None
    # Imported here, since the SDK takes its time and most servers don't need it.
    from controlplane.own_traces import begin  # noqa: PLC0415

    return begin()
