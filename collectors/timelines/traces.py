"""One trace with all its spans, as they came."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from collectors.store.client import Store
from collectors.timelines.places import OF_TRACE

KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
STATUSES = ("unset", "ok", "error")
TRACE_ID_DIGITS = 32
#: More spans than a page can show; a trace that is longer is cut and says so.
LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class SpanEvent:
    """Something that happened within a span; the time is nanoseconds."""

    at: int
    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SpanLink:
    """A span of (usually) another trace that this one names."""

    trace_id: str
    span_id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A span; times and duration are nanoseconds, ids lower-case hex, ``parent_span_id`` "" for a root."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    kind: str
    service: str
    start: int
    duration: int
    status: str
    status_message: str
    attributes: Mapping[str, str]
    resource: Mapping[str, str]
    scope: str
    events: tuple[SpanEvent, ...]
    links: tuple[SpanLink, ...]


def read_trace(store: Store, trace_id: str) -> tuple[Span, ...]:
    """The spans of a trace by start, each once however often it was delivered; empty if there is none."""
    if len(trace_id) != TRACE_ID_DIGITS or not all(char in "0123456789abcdef" for char in trace_id.lower()):
        return ()
    rows = store.query(
        "SELECT lower(hex(trace_id)), lower(hex(span_id)) AS span, lower(hex(parent_span_id)), toString(name), kind, "
        "toString(service), toUnixTimestamp64Nano(ts) AS start, duration, status_code, status_message, attributes, "
        "resource, toString(scope), arrayMap(t -> toUnixTimestamp64Nano(t), `events.ts`), `events.name`, "
        "`events.attributes`, arrayMap(x -> lower(hex(x)), `links.trace_id`), arrayMap(x -> lower(hex(x)), "
        "`links.span_id`), `links.attributes` "
        f"FROM spans WHERE {OF_TRACE} "
        "ORDER BY start, span, duration LIMIT 1 BY span LIMIT {limit:UInt32}",
        {"trace": trace_id, "limit": LIMIT},
    )
    return tuple(_span(row) for row in rows)


def _span(row: Any) -> Span:
    return Span(
        trace_id=row[0],
        span_id=row[1],
        parent_span_id=row[2],
        name=row[3],
        kind=_named(KINDS, row[4]),
        service=row[5],
        start=row[6],
        duration=row[7],
        status=_named(STATUSES, row[8]),
        status_message=row[9],
        attributes=_texts(row[10]),
        resource=_texts(row[11]),
        scope=row[12],
        events=tuple(
            SpanEvent(at, name, _texts(attributes))
            for at, name, attributes in zip(row[13], row[14], row[15], strict=True)
        ),
        links=tuple(
            SpanLink(trace, span, _texts(attributes))
            for trace, span, attributes in zip(row[16], row[17], row[18], strict=True)
        ),
    )


def _named(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else str(number)


def _texts(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by name, lists and maps as JSON."""
    return {name: _unfold(value) for name, value in sorted(attributes.items())}


def _unfold(text: str) -> str:
    """Lists and maps are kept as wire bytes in base64 behind a NUL; people read JSON."""
    if not text.startswith("\0"):
        return text
    return orjson.dumps(_plain(AnyValue.FromString(base64.b64decode(text[1:])))).decode()


def _plain(value: AnyValue) -> Any:
    match value.WhichOneof("value"):
        case "array_value":
            return [_plain(one) for one in value.array_value.values]
        case "kvlist_value":
            return {one.key: _plain(one.value) for one in value.kvlist_value.values}
        case "bytes_value":
            return base64.b64encode(value.bytes_value).decode()
        case None:
            return None
        case name:
            return getattr(value, name)
