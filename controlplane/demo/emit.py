"""Planned spans through the real OpenTelemetry SDK and its OTLP exporters, over the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from controlplane.demo.model import Context, Kind, PlannedSpan, Sender
from controlplane.demo.tale import BILLING, CRM, ERP
from controlplane.demo.world import HUB

#: The queue holds twice what is ever put in before the emitter waits for a flush, so nothing is dropped.
_QUEUE = 32_768
_FLUSH_EVERY = _QUEUE // 2
_BATCH = 2_048
_EXPORT_TIMEOUT = 30
_KINDS: Mapping[Kind, trace.SpanKind] = {
    "internal": trace.SpanKind.INTERNAL,
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
}
_ERROR = trace.StatusCode.ERROR


class Service(NamedTuple):
    """How a service presents itself, and by which of OTLP's two protocols it sends."""

    version: str
    team: str
    protocol: str


SERVICES: Mapping[str, Service] = {
    CRM: Service("2.8.1", "revenue-operations", "http"),
    BILLING: Service("5.14.0", "billing", "grpc"),
    HUB: Service("1.31.4", "integration-platform", "grpc"),
    ERP: Service("3.9.2", "finance-systems", "http"),
}


class Endpoints(NamedTuple):
    """Where the receivers are: base addresses such as http://127.0.0.1:4317."""

    grpc: str
    http: str


class ExportError(Exception):
    """Spans that the receiver did not take, in one sentence."""


class _PlannedIds(IdGenerator):
    """Gives the next span the ids that the plan gave it."""

    def __init__(self) -> None:
        self.next = Context(1, 1)

    def generate_span_id(self) -> int:
        return self.next.span_id

    def generate_trace_id(self) -> int:
        return self.next.trace_id


class _Counted(SpanExporter):
    """An exporter that remembers how many spans were refused for good."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self.sent = 0
        self.failed = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._inner.export(spans)
        if result is SpanExportResult.SUCCESS:
            self.sent += len(spans)
        else:
            self.failed += len(spans)
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


@dataclass(slots=True)
class _Line:
    """One process of the company: its provider, tracer, ids and exporter."""

    provider: TracerProvider
    tracer: trace.Tracer
    ids: _PlannedIds
    exporter: _Counted
    unflushed: int = 0


class Emitter:
    """Sends planned spans, each as the process that it belongs to. Not thread-safe: one thread emits.

    ``delay_ms`` is how long a span may wait for company before it is sent.
    """

    def __init__(self, endpoints: Endpoints, delay_ms: int = 500) -> None:
        self._endpoints = endpoints
        self._delay_ms = delay_ms
        self._lines: dict[Sender, _Line] = {}

    def emit(self, spans: Iterable[PlannedSpan]) -> None:
        """Hand spans to the SDK; waits for the wire where it would get too far ahead of it."""
        for span in spans:
            line = self._lines.get(span.sender) or self._opened(span.sender)
            _record(line, span)
            line.unflushed += 1
            if line.unflushed >= _FLUSH_EVERY:
                line.provider.force_flush()
                line.unflushed = 0

    def flush(self) -> None:
        """Wait until all that was emitted has been taken.

        Raises:
            ExportError: some of it was not.
        """
        for line in self._lines.values():
            line.provider.force_flush()
            line.unflushed = 0
        if self.failed:
            raise ExportError(
                f"{self.failed} of {self.sent + self.failed} spans were not taken by the receivers at "
                f"{self._endpoints.grpc} and {self._endpoints.http}; look into the server's log"
            )

    def close(self) -> None:
        """Send what is left and close the connections."""
        for line in self._lines.values():
            line.provider.shutdown()

    @property
    def sent(self) -> int:
        """Spans that the receivers have acknowledged."""
        return sum(line.exporter.sent for line in self._lines.values())

    @property
    def failed(self) -> int:
        """Spans that were refused, or lost after the exporters' own retries."""
        return sum(line.exporter.failed for line in self._lines.values())

    def _opened(self, sender: Sender) -> _Line:
        ids, exporter = _PlannedIds(), _Counted(self._exporter(sender.service))
        provider = TracerProvider(
            sampler=ALWAYS_ON, resource=resource(sender), shutdown_on_exit=False, id_generator=ids
        )
        provider.add_span_processor(
            BatchSpanProcessor(
                exporter,
                max_queue_size=_QUEUE,
                schedule_delay_millis=self._delay_ms,
                max_export_batch_size=_BATCH,
            )
        )
        line = _Line(provider, provider.get_tracer("northwind", SERVICES[sender.service].version), ids, exporter)
        self._lines[sender] = line
        return line

    def _exporter(self, service: str) -> SpanExporter:
        if SERVICES[service].protocol == "grpc":
            return GrpcExporter(endpoint=self._endpoints.grpc, insecure=True, timeout=_EXPORT_TIMEOUT)
        return HttpExporter(endpoint=f"{self._endpoints.http}/v1/traces", timeout=_EXPORT_TIMEOUT)


def resource(sender: Sender) -> Resource:
    """What a process says about itself once and for all its spans."""
    service = SERVICES[sender.service]
    host = f"{sender.service}-{sender.instance}"
    return Resource.create(
        {
            "service.name": sender.service,
            "service.namespace": "northwind",
            "service.version": service.version,
            "service.instance.id": host,
            "deployment.environment.name": "production",
            "host.name": f"{host}.northwind.internal",
            "team.name": service.team,
        }
    )


def _record(line: _Line, span: PlannedSpan) -> None:
    line.ids.next = span.context
    around = trace.set_span_in_context(trace.NonRecordingSpan(_context(span.parent))) if span.parent else None
    recorded = line.tracer.start_span(
        span.name,
        context=around or trace.set_span_in_context(trace.INVALID_SPAN),
        kind=_KINDS[span.kind],
        attributes=span.attributes,
        links=[trace.Link(_context(link)) for link in span.links],
        start_time=span.start,
    )
    for event in span.events:
        recorded.add_event(event.name, event.attributes, event.at)
    if span.error is not None:
        recorded.set_status(_ERROR, span.error)
    recorded.end(span.end)


def _context(ids: Context) -> trace.SpanContext:
    return trace.SpanContext(ids.trace_id, ids.span_id, is_remote=False, trace_flags=_SAMPLED)


_SAMPLED = trace.TraceFlags(trace.TraceFlags.SAMPLED)
