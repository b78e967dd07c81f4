"""The way not taken: OTLP decoded by a loop in Python into the rows of ``spans``. A test holds it and ClickHouse's way together."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

COLUMNS = (
    "ts", "trace_id", "span_id", "parent_span_id", "trace_state", "name", "kind", "service", "scope", "resource",
    "attributes", "duration", "status_code", "status_message", "events.ts", "events.name", "events.attributes",
    "links.trace_id", "links.span_id", "links.attributes",
)  # fmt: skip


def rows(body: bytes) -> Iterator[tuple[object, ...]]:
    """A row for each span, times as integers of nanoseconds."""
    for resource_spans in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = texts(resource_spans.resource.attributes)
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield _row(span, resource, scope_spans.scope.name)


def _row(span: Span, resource: dict[str, str], scope: str) -> tuple[object, ...]:
    return (
        span.start_time_unix_nano,
        span.trace_id,
        span.span_id,
        span.parent_span_id,
        span.trace_state,
        span.name,
        span.kind,
        resource.get("service.name", ""),
        scope,
        resource,
        texts(span.attributes),
        max(0, span.end_time_unix_nano - span.start_time_unix_nano),
        span.status.code,
        span.status.message,
        [event.time_unix_nano for event in span.events],
        [event.name for event in span.events],
        [texts(event.attributes) for event in span.events],
        [link.trace_id for link in span.links],
        [link.span_id for link in span.links],
        [texts(link.attributes) for link in span.links],
    )


def texts(attributes: Iterable[KeyValue]) -> dict[str, str]:
    """Attributes as text; of two with one key the first."""
    found: dict[str, str] = {}
    for attribute in attributes:
        found.setdefault(attribute.key, text(attribute.value))
    return found


def text(value: AnyValue) -> str:
    """A value as the store writes it; lists and maps stay wire bytes in base64 behind a NUL."""
    kind = value.WhichOneof("value")
    if kind is None:
        return ""
    plain = getattr(value, kind)
    if kind == "bool_value":
        return "true" if plain else "false"
    if kind == "bytes_value":
        return base64.b64encode(plain).decode()
    if kind in ("array_value", "kvlist_value"):
        return "\0" + base64.b64encode(value.SerializeToString()).decode()
    if kind == "double_value" and not math.isfinite(plain):
        return "nan" if math.isnan(plain) else "inf" if plain > 0 else "-inf"
    return str(plain)
