"""An event as the span that stands for it: evidence of what happened, kept, matched and joined like any other. Pure.

Its ids follow from source and id, so an event that is delivered again is the same span again. Where the sender says in
which trace it arose, the span is part of that trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from collectors.events.model import EVENT_SCOPE, CloudEvent
from collectors.events.reading import leaves

#: Values of an event's data that are kept; what is beyond is left out, and ``cloudevents.data_left_out`` says how many.
MOST_VALUES = 500
LONGEST_PATH = 200
#: Where context attributes go; data can't put anything there.
CONTEXT = "cloudevents."
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?")
_LONG = range(-(2**63), 2**63)


def request_of(events: Iterable[CloudEvent], now: int) -> ExportTraceServiceRequest:
    """The events as one OTLP request; those without a time happened ``now`` (nanoseconds)."""
    request = ExportTraceServiceRequest()
    scopes: dict[str, Any] = {}
    for event in events:
        scope = scopes.get(event.source)
        if scope is None:
            resource_spans = request.resource_spans.add()
            resource_spans.resource.attributes.append(_attribute("service.name", event.source))
            scope = scopes[event.source] = resource_spans.scope_spans.add()
            scope.scope.name = EVENT_SCOPE
        _fill(scope.spans.add(), event, now)
    return request


def ids(event: CloudEvent) -> tuple[bytes, bytes, bytes]:
    """Trace id, span id and the parent's span id (empty where the sender names none)."""
    digest = event.digest
    own_trace, span = digest[:16], digest[16:24]
    told = _TRACEPARENT.fullmatch(str(event.extensions.get("traceparent", "")))
    if told is None or told[0].startswith("ff") or not int(told[1], 16) or not int(told[2], 16):
        return own_trace, span, b""
    return bytes.fromhex(told[1]), span, bytes.fromhex(told[2])


def _fill(span: Any, event: CloudEvent, now: int) -> None:
    span.trace_id, span.span_id, span.parent_span_id = ids(event)
    span.trace_state = str(event.extensions.get("tracestate", ""))
    span.name = event.type
    span.start_time_unix_nano = span.end_time_unix_nano = now if event.time is None else event.time
    span.attributes.extend(_attribute(name, value) for name, value in attributes(event))


def attributes(event: CloudEvent) -> Iterator[tuple[str, Any]]:
    """What the event says, flat: its context by OpenTelemetry's names, and each value of its data by its path."""
    yield "cloudevents.event_id", event.id
    yield "cloudevents.event_source", event.source
    yield "cloudevents.event_spec_version", "1.0"
    yield "cloudevents.event_type", event.type
    if event.subject:
        yield "cloudevents.event_subject", event.subject
    if event.data_schema:
        yield "cloudevents.event_dataschema", event.data_schema
    for name, value in event.extensions.items():
        yield f"cloudevents.event_{name}", value
    if event.opaque:
        yield "cloudevents.data_bytes", event.opaque
    yield from _data(event.data)


def _data(data: Any) -> Iterator[tuple[str, Any]]:
    kept: dict[str, Any] = {}
    beyond = 0
    for path, value in leaves(data):
        name = path or "data"
        if len(kept) >= MOST_VALUES or len(name) > LONGEST_PATH or name.startswith(CONTEXT):
            beyond += 1
        else:
            # {"a.b": 1, "a": {"b": 2}} says the same path twice: the first counts.
            kept.setdefault(name, value)
    yield from kept.items()
    if beyond:
        yield "cloudevents.data_left_out", beyond


def _attribute(name: str, value: Any) -> KeyValue:
    if isinstance(value, bool):
        kept = AnyValue(bool_value=value)
    elif isinstance(value, int) and value in _LONG:
        kept = AnyValue(int_value=value)
    else:
        # As it was written: an amount of 1250.00 stays one, which a binary fraction would not.
        text = format(value, "f") if isinstance(value, Decimal) and abs(value.adjusted()) < _PLAIN else str(value)
        kept = AnyValue(string_value=text.encode("utf-8", "replace").decode())
    return KeyValue(key=name.encode("utf-8", "replace").decode(), value=kept)


#: Numbers of more digits stay in powers of ten.
_PLAIN = 40
