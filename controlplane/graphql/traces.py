"""Traces in the graph: their spans, their neighbours, what they served."""

from __future__ import annotations

from typing import Self

import strawberry

from collectors.timelines.links import Neighbour
from collectors.timelines.times import rfc3339
from controlplane.graphql.context import Info, needs
from controlplane.graphql.parts import Key
from controlplane.graphql.types import SpanType
from controlplane.http.asking import observed_of


@strawberry.type(name="Neighbour", description="A span of another trace, linked with ownSpanId of this one.")
class NeighbourType:
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
    by: str = strawberry.field(description="link or message: what connects the two.")

    @classmethod
    def of(cls, one: Neighbour) -> Self:
        """From a neighbour."""
        return cls(
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


@strawberry.type(name="Connected", description="An object that a trace served; how: span, trace, carried or link.")
class ConnectedType:
    workflow: str
    id: str
    how: str
    trace_id: str
    span_id: str
    near: bool = strawberry.field(description="By the span that was asked for itself, or by one above or below it.")
    keys: list[Key]


@strawberry.type(name="TraceContext", description="What stands around a trace.")
class ContextType:
    comes_from: list[NeighbourType]
    comes_from_total: int
    continues_in: list[NeighbourType]
    continues_in_total: int
    objects: list[ConnectedType]
    more_objects: bool


@strawberry.type
class TraceQuery:
    """What can be asked of traces."""

    @strawberry.field(permission_classes=[needs("traces:read")], description="The spans of a trace by start.")
    def trace(self, info: Info, id: strawberry.ID, span: str = "") -> list[SpanType]:  # noqa: A002 - the field's own word
        """Empty if there is none; of a very long one the first, and the one that is asked for."""
        found = observed_of(info.context.state).trace(id, span)
        return [] if found is None else [SpanType.of(one) for one in found.spans]

    @strawberry.field(
        permission_classes=[needs("traces:read")], description="Where it comes from and continues, and what it served."
    )
    def trace_context(self, info: Info, id: strawberry.ID, span: str = "") -> ContextType:  # noqa: A002 - as above
        """At most 100 neighbours each way and 200 objects; with a span, what is closest to it comes first."""
        found = observed_of(info.context.state).traces.context(id, span)
        return ContextType(
            comes_from=[NeighbourType.of(one) for one in found.links.comes_from],
            comes_from_total=found.links.came,
            continues_in=[NeighbourType.of(one) for one in found.links.continues_in],
            continues_in_total=found.links.went,
            more_objects=found.more,
            objects=[
                ConnectedType(
                    workflow=one.instance.workflow,
                    id=one.instance.id,
                    how=one.how,
                    trace_id=one.trace_id,
                    span_id=one.span_id,
                    near=one.near,
                    keys=[Key(type=key.type, value=key.value) for key in one.instance.keys],
                )
                for one in found.objects
            ],
        )
