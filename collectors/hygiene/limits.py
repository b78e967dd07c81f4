"""How large and how many the attributes, events and links of a span may be; what is cut off is marked and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


@dataclass(frozen=True, slots=True)
class Limits:
    """Far beyond what SDKs let through by default (128 attributes, events and links), so that only accidents meet them.

    Attributes:
        value_bytes: of a text or bytes value, in UTF-8.
        name_bytes: of an attribute's name; not less than ``span_bytes``, below which nothing is looked at.
        attributes: of a span, a resource, an event or a link.
        events: of a span; likewise ``links``.
        span_bytes: below this size a span meets none of the limits, and is not looked at.
    """

    value_bytes: int = 64 * 1024
    name_bytes: int = 4 * 1024
    attributes: int = 1_000
    events: int = 1_000
    links: int = 1_000
    span_bytes: int = 2_000

    @property
    def words(self) -> str:
        """The limits as people read them."""
        return (
            f"a value {self.value_bytes // 1024} KiB, a name {self.name_bytes // 1024} KiB, {self.attributes:,} attributes, "
            f"{self.events:,} events and {self.links:,} links a span; what is cut says so"
        )


_CONTINUED, _BITS = 0x80, 7
#: The tag of the scope spans of resource spans.
_SECOND = 0x12
#: Bytes of an attribute with the shortest name and no value, its tag and length included.
_LEAST = 5


def may_exceed(body: bytes, limits: Limits) -> bool:
    """Whether a span or resource of a serialized request is so large that a limit may be met.

    Only the lengths before resources and spans are read, which costs a tenth of what measuring each span would.
    """
    try:
        return any(
            _exceeds(body, start, end, limits.span_bytes)
            or (tag != _SECOND and end - start > _LEAST * limits.attributes)
            for _, outer, after in _fields(body, 0, len(body))
            for tag, start, end in _fields(body, outer, after)
            if tag == _SECOND or end - start > limits.span_bytes
        )
    except (IndexError, ValueError):
        return True  # a field that we don't know: then each span is measured


def _fields(body: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    while at < end:
        tag, start, at = _field(body, at)
        yield tag, start, at


def _field(body: bytes, at: int) -> tuple[int, int, int]:
    tag = body[at]
    if tag & 7 != 2:  # noqa: PLR2004 - the wire type of what has its length before it
        raise ValueError(tag)
    at, size, shift = at + 1, 0, 0
    while True:
        part = body[at]
        at += 1
        size |= (part & 0x7F) << shift
        if part < _CONTINUED:
            return tag, at, at + size
        shift += _BITS


def _exceeds(body: bytes, at: int, end: int, most: int) -> bool:
    """Whether a field within [at, end) is larger than that. Written out, since it runs once for every span."""
    while at < end:
        if body[at] & 7 != 2:  # noqa: PLR2004 - as above
            raise ValueError(at)
        size = body[at + 1]
        at += 2
        if size >= _CONTINUED:
            part = body[at]
            size = size & 0x7F | part << _BITS
            at += 1
            if part >= _CONTINUED:
                return True  # 16 KiB or more
        if size > most:
            return True
        at += size
    return False


def bound(request: ExportTraceServiceRequest, limits: Limits, changed: Counter[str]) -> None:
    """Hold a request to the limits."""
    for resource_spans in request.resource_spans:
        _attributes(resource_spans.resource.attributes, limits, changed)
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                if span.ByteSize() > limits.span_bytes:
                    _span(span, limits, changed)


def _span(span: Any, limits: Limits, changed: Counter[str]) -> None:
    for name, most in (("events", limits.events), ("links", limits.links)):
        listed = getattr(span, name)
        if (beyond := len(listed) - most) > 0:
            del listed[most:]
            # The name that OpenTelemetry gives to this where a store has no column for it.
            _mark(span.attributes, f"otel.dropped_{name}_count", beyond)
            changed[f"{name} left out"] += beyond
        for one in listed:
            _attributes(one.attributes, limits, changed)
    _attributes(span.attributes, limits, changed)


def _attributes(attributes: Any, limits: Limits, changed: Counter[str]) -> None:
    # OTLP's own count of what is missing is of both kinds. A name that is cut could become another attribute's.
    long = [
        place for place, one in enumerate(attributes) if len(one.key) * 4 > limits.name_bytes < len(one.key.encode())
    ]
    for place in reversed(long):
        del attributes[place]
    beyond = max(0, len(attributes) - limits.attributes)
    if beyond:
        del attributes[limits.attributes :]
    if beyond := beyond + len(long):
        _mark(attributes, "otel.dropped_attributes_count", beyond)
        changed["left out"] += beyond
    for one in attributes:
        kind = one.value.WhichOneof("value")
        if kind in ("array_value", "kvlist_value"):
            long = one.value.ByteSize() > limits.value_bytes
            if long:
                one.value.string_value = f"(left out: a list or map of {one.value.ByteSize():,} bytes)"
                changed["cut"] += 1
        elif kind in ("string_value", "bytes_value") and len(getattr(one.value, kind)) * 4 > limits.value_bytes:
            _cut(one.value, kind, limits.value_bytes, changed)


def _cut(value: Any, kind: str, most: int, changed: Counter[str]) -> None:
    whole = getattr(value, kind)
    data = whole.encode() if kind == "string_value" else bytes(whole)
    if len(data) > most:
        shown = data[:most].decode("utf-8", "ignore") if kind == "string_value" else "bytes"
        value.string_value = f"{shown} … (cut: {len(data):,} bytes in all)"
        changed["cut"] += 1


def _mark(attributes: Any, name: str, count: int) -> None:
    attributes.append(KeyValue(key=name, value=AnyValue(int_value=count)))
