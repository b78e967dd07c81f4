"""What a request must pass before it joins a batch, so that a bad one fails alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

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
    """A body fit for storing, how many spans it has, and what was left out of it and why."""

    body: bytes
    spans: int
    rejected: int = 0
    reason: str = ""


def check(body: bytes, now: int) -> Checked:
    """Read a serialized ExportTraceServiceRequest and leave out the spans that can't be stored.

    Args:
        body: protobuf, not compressed.
        now: nanoseconds, against which times are held to be absurd.

    Raises:
        InvalidRequestError: it is no such message.
    """
    try:
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise InvalidRequestError(f"the body is not a valid ExportTraceServiceRequest: {error}") from error
    return check_message(request, body, now)


def check_message(request: ExportTraceServiceRequest, body: bytes | None, now: int) -> Checked:
    """The same for a message that is read already; ``body`` is its serialized form where the caller has it."""
    latest = now + AHEAD
    spans, reasons = 0, Counter[str]()
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            spans += len(scope_spans.spans)
            # The plain loop is the fast path: a clean request pays only for these comparisons.
            for span in scope_spans.spans:
                if (
                    len(span.trace_id) != TRACE_ID_BYTES
                    or len(span.span_id) != SPAN_ID_BYTES
                    or not EARLIEST <= span.start_time_unix_nano <= latest
                    or not EARLIEST <= span.end_time_unix_nano <= latest
                    or span.trace_id == _ZERO_TRACE
                    or span.span_id == _ZERO_SPAN
                ):
                    reasons[_reason(span, latest) or ""] += 1
    if not reasons:
        return Checked(request.SerializeToString() if body is None else body, spans)
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            kept = [span for span in scope_spans.spans if _reason(span, latest) is None]
            del scope_spans.spans[:]
            scope_spans.spans.extend(kept)
    rejected = reasons.total()
    listed = "; ".join(f"{count} x {reason}" if count > 1 else reason for reason, count in reasons.most_common(5))
    return Checked(request.SerializeToString(), spans - rejected, rejected, listed)


def _reason(span: Any, latest: int) -> str | None:
    """Why a span can't be stored, or None if it can."""
    if len(span.trace_id) != TRACE_ID_BYTES or span.trace_id == _ZERO_TRACE:
        return f"trace_id must be {TRACE_ID_BYTES} bytes and not all zero (span {span.name!r:.60})"
    if len(span.span_id) != SPAN_ID_BYTES or span.span_id == _ZERO_SPAN:
        return f"span_id must be {SPAN_ID_BYTES} bytes and not all zero (span {span.name!r:.60})"
    for field in ("start_time_unix_nano", "end_time_unix_nano"):
        value = getattr(span, field)
        if value < EARLIEST:
            return f"{field} {value} is before 1990; is the sender's clock set? (span {span.name!r:.60})"
        if value > latest:
            return f"{field} {value} is more than a year ahead; is the sender's clock right? (span {span.name!r:.60})"
    return None
