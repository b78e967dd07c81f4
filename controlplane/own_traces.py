"""Sending the product's own traces. Loaded only where they are wanted, since the SDK and its exporters take a while."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

log = logging.getLogger(__name__)

_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
#: What these would log about each batch that can't be sent, and about each try, is said once by :class:`Told`.
_NOISY = ("opentelemetry.exporter.otlp", "opentelemetry.sdk._shared_internal")


class Told(SpanExporter):
    """An exporter that says once when what it sends is not taken, and once when it is again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._ended = False
        self.failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; what is not taken is gone."""
        try:
            result = self._exporter.export(spans)
        except Exception as error:  # noqa: BLE001 - whatever it is, what is traced must not suffer
            result, why = SpanExportResult.FAILURE, f" ({error})"
        else:
            why = ""
        failed = result is not SpanExportResult.SUCCESS
        if failed and not self.failing and not self._ended:
            log.warning("nobody takes the server's own traces%s; see OTEL_EXPORTER_OTLP_ENDPOINT", why)
        elif self.failing and not failed:
            log.info("the server's own traces are taken again")
        self.failing = failed
        return result

    def shutdown(self) -> None:
        """Give up what is under way."""
        if not self._ended:
            self._ended = True
            self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """As the exporter does."""
        return self._exporter.force_flush(timeout_millis)


@dataclass(slots=True)
class Traces:
    """The server's own traces while it runs."""

    provider: TracerProvider
    exporter: Told

    def stop(self) -> None:
        """Send what is left; where nobody took the last of it, nothing is waited for."""
        if self.exporter.failing:
            self.exporter.shutdown()
        self.provider.shutdown()


def begin() -> Traces:
    """Trace from now on, as OpenTelemetry's variables say."""
    # Variables (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) come before what is given here.
    own = {"service.name": "controlplane", "service.version": version("integration-controlplane")}
    provider = TracerProvider(resource=Resource(own).merge(Resource.create()) if _named() else Resource.create(own))
    exporter = Told(_exporter())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return Traces(provider, exporter)


def _named() -> bool:
    return "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")


def _exporter() -> SpanExporter:
    """The one of the protocol that is set; the other is not loaded."""
    if next((os.environ[name] for name in _PROTOCOLS if os.environ.get(name)), "") == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter as GrpcExporter,
        )

        return GrpcExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter as HttpExporter,
    )

    return HttpExporter()
