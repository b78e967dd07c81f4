"""Traces: what happened within one of the systems' own requests, span by span."""

from http import HTTPStatus

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from collectors.timelines.times import rfc3339
from collectors.timelines.traces import Span
from controlplane.http.asking import observed_of
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State

router = APIRouter(prefix="/api/v1", tags=["traces"], dependencies=[Depends(requires("traces:read"))])


class SpanEventOut(BaseModel):
    """Something that happened within a span."""

    at: str
    name: str
    attributes: dict[str, str]


class SpanLinkOut(BaseModel):
    """A span of another trace that this one names."""

    trace_id: str
    span_id: str
    attributes: dict[str, str]


class SpanOut(BaseModel):
    """A span; lists and maps among its attributes are JSON."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    name: str
    kind: str
    service: str
    scope: str
    started_at: str
    duration_ns: int = Field(description="Nanoseconds.")
    status: str
    status_message: str
    attributes: dict[str, str]
    resource: dict[str, str]
    events: list[SpanEventOut]
    links: list[SpanLinkOut]


class TraceOut(BaseModel):
    """A trace, its spans by start."""

    trace_id: str
    spans: list[SpanOut]


@router.get("/traces/{trace_id}", summary="The spans of a trace")
def get_trace(state: State, trace_id: str) -> TraceOut:
    """Each span once, however often it was delivered."""
    spans = observed_of(state).trace(trace_id)
    if not spans:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no trace {trace_id!r}; its id has 32 hexadecimal digits")
    return TraceOut(trace_id=spans[0].trace_id, spans=[_span(span) for span in spans])


def _span(span: Span) -> SpanOut:
    return SpanOut(
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=span.parent_span_id or None,
        name=span.name,
        kind=span.kind,
        service=span.service,
        scope=span.scope,
        started_at=rfc3339(span.start),
        duration_ns=span.duration,
        status=span.status,
        status_message=span.status_message,
        attributes=dict(span.attributes),
        resource=dict(span.resource),
        events=[
            SpanEventOut(at=rfc3339(event.at), name=event.name, attributes=dict(event.attributes))
            for event in span.events
        ],
        links=[
            SpanLinkOut(trace_id=link.trace_id, span_id=link.span_id, attributes=dict(link.attributes))
            for link in span.links
        ],
    )
