"""Traces: what happened within one of the systems' own requests, span by span."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from collectors.timelines.links import Neighbour
from collectors.timelines.times import rfc3339
from collectors.timelines.traces import Span
from controlplane.documents import KeyOut
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
    """A trace, its spans by start: the first 5,000 if there are more, and the one that was asked for."""

    trace_id: str
    total: int = Field(description="How many spans there are in all.")
    failed: int = Field(description="How many of all have the status error.")
    services: list[str]
    spans: list[SpanOut]


class NeighbourOut(BaseModel):
    """A span of another trace that is linked with `own_span_id` of this one; only ids are known until it arrives."""

    trace_id: str
    span_id: str
    own_span_id: str
    known: bool
    name: str
    service: str
    kind: str
    started_at: str | None
    messaging_system: str
    messaging_operation: str
    messaging_destination: str
    by: Literal["link", "message"] = Field(
        description="link: one of the two spans names the other; message: both handled the same message."
    )


class ConnectedOut(BaseModel):
    """A business object that the trace served, and the span by which it is known."""

    workflow: str
    id: str
    how: Literal["span", "trace", "carried", "link"] = Field(
        description="span: it is a milestone; trace: another span of the trace is; carried: an id of the object is among "
        "its attributes (baggage too); link: a trace that is linked with it, over up to five hops, has a milestone."
    )
    trace_id: str
    span_id: str
    near: bool = Field(description="By the span that was asked for itself, or by one above or below it in its trace.")
    keys: list[KeyOut]


class ContextOut(BaseModel):
    """What stands around a trace: at most 100 neighbours each way, and 200 objects, the closest first."""

    comes_from: list[NeighbourOut]
    comes_from_total: int
    continues_in: list[NeighbourOut]
    continues_in_total: int
    objects: list[ConnectedOut]
    more_objects: bool


@router.get("/traces/{trace_id}/context", summary="Where a trace comes from and continues, and what it served")
def get_context(
    state: State, trace_id: str, span: Annotated[str, Query(description="One of its spans.", max_length=100)] = ""
) -> ContextOut:
    """Empty lists where nothing is known of it."""
    found = observed_of(state).traces.context(trace_id, span)
    return ContextOut(
        comes_from=[_neighbour(one) for one in found.links.comes_from],
        comes_from_total=found.links.came,
        continues_in=[_neighbour(one) for one in found.links.continues_in],
        continues_in_total=found.links.went,
        more_objects=found.more,
        objects=[
            ConnectedOut(
                workflow=one.instance.workflow,
                id=one.instance.id,
                how=one.how,
                trace_id=one.trace_id,
                span_id=one.span_id,
                near=one.near,
                keys=[KeyOut(type=key.type, value=key.value) for key in one.instance.keys],
            )
            for one in found.objects
        ],
    )


@router.get("/traces/{trace_id}", summary="The spans of a trace")
def get_trace(
    state: State,
    trace_id: str,
    span: Annotated[
        str, Query(description="One that is wanted in any case, with those above it.", max_length=100)
    ] = "",
) -> TraceOut:
    """Each span once, however often it was delivered."""
    found = observed_of(state).trace(trace_id, span)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no trace {trace_id!r}; its id has 32 hexadecimal digits")
    return TraceOut(
        trace_id=found.spans[0].trace_id,
        total=found.total,
        failed=found.failed,
        services=list(found.services),
        spans=[_span(one) for one in found.spans],
    )


def _neighbour(one: Neighbour) -> NeighbourOut:
    return NeighbourOut(
        trace_id=one.trace_id,
        span_id=one.span_id,
        own_span_id=one.own_span_id,
        known=one.known,
        name=one.name,
        service=one.service,
        kind=one.kind,
        started_at=rfc3339(one.start) if one.known else None,
        messaging_system=one.system,
        messaging_operation=one.operation,
        messaging_destination=one.destination,
        by=one.by,
    )


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
