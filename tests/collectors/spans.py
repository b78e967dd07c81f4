"""Spans for tests: short to write, real protobuf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

SECOND = 1_000_000_000
#: 2026-05-16T08:00:00Z
T0 = 1_778_918_400 * SECOND


@dataclass(frozen=True)
class SpanData:
    """One span; times in seconds after T0, links as (trace, ident), events as (name, attributes)."""

    name: str
    ident: int
    start: float = 0.0
    seconds: float = 0.0
    attributes: Mapping[str, object] = field(default_factory=dict)
    resource: Mapping[str, object] = field(default_factory=lambda: {"service.name": "billing-sync"})
    error: bool = False
    message: str = ""
    kind: int = 1
    trace: int | None = None
    links: tuple[tuple[int, int], ...] = ()
    parent: int | None = None
    events: tuple[tuple[str, Mapping[str, object]], ...] = ()

    @property
    def trace_id(self) -> bytes:
        return (self.ident if self.trace is None else self.trace).to_bytes(16, "big")

    @property
    def span_id(self) -> bytes:
        return self.ident.to_bytes(8, "big")


_SCALARS = ((bool, "bool_value"), (int, "int_value"), (float, "double_value"), (bytes, "bytes_value"))


def value(plain: object) -> AnyValue:
    found = AnyValue()
    if isinstance(plain, list):
        found.array_value.values.extend(value(one) for one in plain)
    elif isinstance(plain, dict):
        found.kvlist_value.values.extend(KeyValue(key=key, value=value(one)) for key, one in plain.items())
    else:
        name = next((name for kind, name in _SCALARS if isinstance(plain, kind)), "string_value")
        setattr(found, name, plain)
    return found


def attributes(plain: Mapping[str, object]) -> list[KeyValue]:
    return [KeyValue(key=key, value=value(one)) for key, one in plain.items()]


def request(spans: Iterable[SpanData]) -> ExportTraceServiceRequest:
    message = ExportTraceServiceRequest()
    for data in spans:
        resource_spans = message.resource_spans.add()
        resource_spans.resource.attributes.extend(attributes(data.resource))
        scope_spans = resource_spans.scope_spans.add()
        scope_spans.scope.name = "tests"
        span = scope_spans.spans.add()
        span.trace_id, span.span_id, span.name, span.kind = data.trace_id, data.span_id, data.name, data.kind
        span.start_time_unix_nano = T0 + round(data.start * SECOND)
        span.end_time_unix_nano = T0 + round((data.start + data.seconds) * SECOND)
        span.attributes.extend(attributes(data.attributes))
        if data.parent is not None:
            span.parent_span_id = data.parent.to_bytes(8, "big")
        for trace, ident in data.links:
            span.links.add(trace_id=trace.to_bytes(16, "big"), span_id=ident.to_bytes(8, "big"))
        for name, about in data.events:
            event = span.events.add(name=name, time_unix_nano=span.end_time_unix_nano)
            event.attributes.extend(attributes(about))
        if data.error:
            span.status.code, span.status.message = 2, data.message
    return message


def body(spans: Iterable[SpanData]) -> bytes:
    return request(spans).SerializeToString()
