"""What a request must pass before it joins a batch, so that a bad one fails alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collectors.senders.reasons import Reason

TRACE_ID_BYTES, SPAN_ID_BYTES = 16, 8
NANOSECONDS = 1_000_000_000
#: 1990-01-01T00:00:00Z: no system that sends traces has seen an earlier time.
EARLIEST = 631_152_000 * NANOSECONDS
#: How far ahead of us a sender's clock may be: a year.
AHEAD = 366 * 86_400 * NANOSECONDS
_ZERO_TRACE, _ZERO_SPAN = bytes(TRACE_ID_BYTES), bytes(SPAN_ID_BYTES)


class InvalidRequestError(ValueError):
    """A request that can't be read at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A body fit for storing, how many spans it has, and what was left out of it and why.

    Attributes:
        services: ``service.name`` of a resource -> its spans in the body.
        ended: nanoseconds at which the latest of the last spans ended, 0 without spans.
        left_out: reason -> service -> its spans that are not in the body.
    """

    body: bytes
    spans: int
    rejected: int = 0
    reason: str = ""
    services: Mapping[str, int] = field(default_factory=dict)
    ended: int = 0
    left_out: Mapping[Reason, Mapping[str, int]] = field(default_factory=dict)


def check(body: bytes, now: int) -> Checked:
    """Read a serialized ExportTraceServiceRequest and leave out the spans that can't be stored.

    Args:
        body: protobuf, not compressed.
        now: nanoseconds, against which times are held to be absurd.

    Raises:
        InvalidRequestError: it is no such message.
    """
    return check_message(parse(body), body, now)


def parse(body: bytes) -> ExportTraceServiceRequest:
    """The message. Raises ``InvalidRequestError``."""
    try:
        return ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise InvalidRequestError(f"the body is not a valid ExportTraceServiceRequest: {error}") from error


def known_throughout(body: bytes) -> bool:
    """Whether a valid request has only fields that are known, each as it should be encoded.

    Of a known field that is encoded as another kind Python makes one that it does not know, where ClickHouse refuses the
    whole. To find out costs a tenth of what storing the spans does.
    """
    request = parse(body)
    size = request.ByteSize()
    request.DiscardUnknownFields()
    return request.ByteSize() == size


def check_message(request: ExportTraceServiceRequest, body: bytes | None, now: int) -> Checked:
    """The same for a message that is read already; ``body`` is its serialized form where the caller has it."""
    latest = now + AHEAD
    services, bad, ended = Counter[str](), False, 0
    for resource_spans in request.resource_spans:
        count = 0
        for scope_spans in resource_spans.scope_spans:
            spans = scope_spans.spans
            count += len(spans)
            # The plain loop is the fast path: a clean request pays only for these comparisons.
            for span in spans:
                if (
                    len(span.trace_id) != TRACE_ID_BYTES
                    or len(span.span_id) != SPAN_ID_BYTES
                    or not EARLIEST <= span.start_time_unix_nano <= latest
                    or not EARLIEST <= span.end_time_unix_nano <= latest
                    or span.trace_id == _ZERO_TRACE
                    or span.span_id == _ZERO_SPAN
                ):
                    bad = True
            if spans:
                ended = max(ended, spans[-1].end_time_unix_nano)
        if count:
            services[_service(resource_spans)] += count
    if bad:
        return _without_the_bad(request, latest, services)
    whole = request.SerializeToString() if body is None else body
    return Checked(whole, services.total(), services=services, ended=ended)


def _without_the_bad(request: ExportTraceServiceRequest, latest: int, services: Counter[str]) -> Checked:
    texts, left_out, ended = Counter[str](), dict[Reason, Counter[str]](), 0
    for resource_spans in request.resource_spans:
        service = _service(resource_spans)
        for scope_spans in resource_spans.scope_spans:
            kept = []
            for span in scope_spans.spans:
                fault = _fault(span, latest)
                if fault is None:
                    kept.append(span)
                    continue
                texts[fault[1]] += 1
                left_out.setdefault(fault[0], Counter())[service] += 1
                services[service] -= 1
            if kept:
                ended = max(ended, kept[-1].end_time_unix_nano)
            del scope_spans.spans[:]
            scope_spans.spans.extend(kept)
    listed = "; ".join(f"{count} x {text}" if count > 1 else text for text, count in texts.most_common(5))
    return Checked(
        request.SerializeToString(), services.total(), texts.total(), listed, +services, ended, left_out
    )  # fmt: skip


def _service(resource_spans: Any) -> str:
    for attribute in resource_spans.resource.attributes:
        if attribute.key == "service.name":
            return str(attribute.value.string_value)
    return ""


def _fault(span: Any, latest: int) -> tuple[Reason, str] | None:
    """Why a span can't be stored, or None if it can."""
    if len(span.trace_id) != TRACE_ID_BYTES or span.trace_id == _ZERO_TRACE:
        return Reason.INVALID_ID, f"trace_id must be {TRACE_ID_BYTES} bytes and not all zero (span {span.name!r:.60})"
    if len(span.span_id) != SPAN_ID_BYTES or span.span_id == _ZERO_SPAN:
        return Reason.INVALID_ID, f"span_id must be {SPAN_ID_BYTES} bytes and not all zero (span {span.name!r:.60})"
    for name in ("start_time_unix_nano", "end_time_unix_nano"):
        value, about = getattr(span, name), f"(span {span.name!r:.60})"
        if value < EARLIEST:
            return Reason.INVALID_TIME, f"{name} {value} is before 1990; is the sender's clock set? {about}"
        if value > latest:
            said = "is more than a year ahead; is the sender's clock right?"
            return Reason.INVALID_TIME, f"{name} {value} {said} {about}"
    return None
