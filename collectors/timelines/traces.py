"""One trace with all its spans, as they came."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from collectors.store.client import Store
from collectors.timelines.places import OF_TRACE

KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
STATUSES = ("unset", "ok", "error")
TRACE_ID_DIGITS, _SPAN_ID_DIGITS = 32, 16
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


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace: its spans by start, at most :data:`LIMIT` and those that were asked for, and what all of them come to.

    ``total`` and ``failed`` count spans, ``start`` and ``end`` are nanoseconds, ``services`` are its services.
    """

    spans: tuple[Span, ...]
    total: int
    failed: int
    start: int
    end: int
    services: tuple[str, ...]

    @classmethod
    def of(cls, spans: tuple[Span, ...]) -> Trace:
        """A trace of which all spans, at least one, are at hand."""
        return cls(
            spans,
            len(spans),
            sum(span.status == "error" for span in spans),
            min(span.start for span in spans),
            max(span.start + span.duration for span in spans),
            tuple(dict.fromkeys(span.service for span in spans if span.service)),
        )


#: A span is the same however often it was delivered; where one id stands for a caller's and a receiver's, it is two.
_SAME = "span, kind, name, service"
_COLUMNS = (
    "lower(hex(trace_id)), lower(hex(span_id)) AS span, lower(hex(parent_span_id)), toString(name), kind, "
    "toString(service), toUnixTimestamp64Nano(ts) AS start, duration, status_code, status_message, attributes, "
    "resource, toString(scope), arrayMap(t -> toUnixTimestamp64Nano(t), `events.ts`), `events.name`, "
    "`events.attributes`, arrayMap(x -> lower(hex(x)), `links.trace_id`), arrayMap(x -> lower(hex(x)), "
    "`links.span_id`), `links.attributes`"
)
_ONCE = (
    "ORDER BY start, span, duration, status_code, status_message, cityHash64(attributes) "
    f"LIMIT 1 BY {_SAME} LIMIT {LIMIT}"
)
_FIRST = f"SELECT {_COLUMNS} FROM spans WHERE {OF_TRACE} {_ONCE}"
_THESE = (
    f"SELECT {_COLUMNS} FROM spans WHERE {OF_TRACE} "
    f"AND span_id IN (SELECT toFixedString(unhex(arrayJoin({{spans:Array(String)}})), 8)) {_ONCE}"
)
_ALL = (
    f"SELECT uniqExact(lower(hex(span_id)) AS {_SAME}), uniqExactIf({_SAME}, status_code = 2), "
    "min(toUnixTimestamp64Nano(ts)), max(toUnixTimestamp64Nano(ts) + toInt64(duration)), "
    f"groupUniqArray(toString(service)) FROM spans WHERE {OF_TRACE}"
)
#: Spans above one that are told with it; a ring of parents ends there too.
_ABOVE = 200


def read_trace(store: Store, trace_id: str, span_id: str = "") -> Trace | None:
    """A trace, each span once however often it was delivered; None if there is none.

    Of a trace that is longer than :data:`LIMIT` a span that is asked for is there all the same, with those above it.
    """
    if len(trace_id) != TRACE_ID_DIGITS or not all(char in "0123456789abcdef" for char in trace_id.lower()):
        return None
    spans = tuple(_span(row) for row in store.query(_FIRST, {"trace": trace_id}))
    if len(spans) < LIMIT:
        return Trace.of(spans) if spans else None
    known = {span.span_id for span in spans}
    if span_id and span_id.lower() not in known:
        wanted = {"trace": trace_id, "spans": _with_those_above(parents_in(store, trace_id), span_id.lower())}
        more = (_span(row) for row in store.query(_THESE, wanted))
        spans += tuple(span for span in more if span.span_id not in known)
    ((total, failed, start, end, services),) = store.query(_ALL, {"trace": trace_id})
    return Trace(spans, int(total), int(failed), int(start), int(end), tuple(sorted(filter(None, map(str, services)))))


def parents_in(store: Store, trace_id: str) -> list[tuple[str, str]]:
    """(span, parent) of a trace's spans, "" for a parent where there is none."""
    rows = store.query(
        f"SELECT DISTINCT lower(hex(span_id)), lower(hex(parent_span_id)) FROM spans WHERE {OF_TRACE} LIMIT 200000",
        {"trace": trace_id},
    )
    return [(str(span), str(parent)) for span, parent in rows]


def _with_those_above(pairs: Sequence[tuple[str, str]], span_id: str) -> list[str]:
    parents = dict(pairs)
    found = [span_id] if span_id in parents else []
    while found and len(found) < _ABOVE and (above := parents.get(found[-1])):
        found.append(above)
    return [one for one in dict.fromkeys(found) if len(one) == _SPAN_ID_DIGITS]


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
    return {name: attribute_text(value) for name, value in sorted(attributes.items())}


def attribute_text(text: str) -> str:
    """An attribute as people read it: lists and maps, kept as wire bytes in base64 behind a NUL, as JSON."""
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
