"""The types of the graph; they say the same as the REST documents."""

from __future__ import annotations

from enum import Enum
from typing import Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from collectors.timelines import money
from collectors.timelines.abridged import whole_until
from collectors.timelines.model import Instance, Milestone, Money
from collectors.timelines.ordering import CursorError
from collectors.timelines.remarks import remarks
from collectors.timelines.times import rfc3339
from collectors.timelines.traces import Span
from collectors.workflows.definition import Definition
from controlplane.graphql.context import Info
from controlplane.graphql.parts import Amount, Key, State
from controlplane.graphql.turns import RemarkType, RevisionType, TurnType
from controlplane.http.asking import observed_of
from controlplane.http.paging import MAX_LIMIT
from policies.slas.judge import judge_all
from policies.slas.model import Figures, Report, Sla, Verdict
from policies.slas.revised import revisions


@strawberry.enum(description="How an instance stands against an SLA.")
class SlaState(Enum):
    met = "met"
    breached = "breached"
    pending = "pending"
    overdue = "overdue"


@strawberry.type(description="A name and its value.")
class Pair:
    name: str
    value: str


def pairs(mapping: dict[str, str]) -> list[Pair]:
    """A mapping as a list."""
    return [Pair(name=name, value=value) for name, value in sorted(mapping.items())]


@strawberry.type(name="Milestone", description="A span or event that matched a step.")
class MilestoneType:
    step: str
    system: str
    occurred_at: str
    observed_at: str | None = strawberry.field(description="When it was first seen here.")
    status: str
    trace_id: str
    span_id: str
    source: str
    service: str
    message: str
    error_type: str | None = strawberry.field(description="What kind of error a failed one met, where that is known.")

    @classmethod
    def of(cls, one: Milestone) -> Self:
        """From a milestone."""
        return cls(
            step=one.step,
            system=one.system,
            occurred_at=rfc3339(one.occurred_at),
            observed_at=rfc3339(one.observed_at) if one.observed_at else None,
            status=one.status,
            trace_id=one.trace_id,
            span_id=one.span_id,
            source=one.source,
            service=one.service,
            message=one.message,
            error_type=one.error_type or None,
        )


@strawberry.type(description="A page of milestones; nextCursor is null on the last.")
class MilestonePage:
    items: list[MilestoneType]
    next_cursor: str | None


@strawberry.type(
    name="SlaVerdict", description="One instance against one SLA; seconds is null until its end is reached."
)
class VerdictType:
    sla: str
    state: SlaState
    seconds: float | None
    due_at: str

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """From a verdict."""
        return cls(
            sla=verdict.sla, state=SlaState(verdict.state), seconds=verdict.seconds, due_at=rfc3339(verdict.due_at)
        )


@strawberry.type(name="Instance", description="One business object on its way through a workflow.")
class InstanceType:
    id: str
    workflow: str
    state: State
    started_at: str
    ended_at: str | None
    amount: Amount | None
    settled: Amount | None = strawberry.field(
        description="What its parts come to; null where no step settles or it is not known."
    )
    open: Amount | None = strawberry.field(
        description="What is missing from the amount; negative where more was settled."
    )
    dimensions: list[Pair]
    keys: list[Key]
    milestones: list[MilestoneType] = strawberry.field(
        description="In their order; of an instance that has thousands only the first, see milestonePage."
    )
    milestones_total: int = strawberry.field(description="How many milestones there are in all.")
    error_types: list[str] = strawberry.field(description="The kinds of error that its milestones met.")
    history: list[TurnType] = strawberry.field(description="The turns of its state; the last is the present one.")
    of_instance: strawberry.Private[Instance]

    @strawberry.field(description="The id of the workflow's definition by which its events were read.")
    def definition(self, info: Info) -> str | None:
        """Null if the workflow was taken away meanwhile."""
        found = self._definition(info)
        return None if found is None else found.id

    @strawberry.field(description="Its milestones in their order, page by page.")
    def milestone_page(self, info: Info, limit: int = 50, cursor: str | None = None) -> MilestonePage:
        """However many there are."""
        if not 1 <= limit <= MAX_LIMIT:
            raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
        try:
            page = observed_of(info.context.state).timelines.milestones(self.workflow, self.id, limit, cursor)
        except CursorError as error:
            raise StrawberryGraphQLError(str(error)) from error
        items = [] if page is None else [MilestoneType.of(one) for one in page.items]
        return MilestonePage(items=items, next_cursor=None if page is None else page.next_cursor)

    @strawberry.field(description="What is odd about it.")
    def remarks(self, info: Info) -> list[RemarkType]:
        """By time."""
        found = self._definition(info)
        return [] if found is None else [RemarkType.of(one) for one in remarks(found, self.of_instance)]

    @strawberry.field(description="What milestones changed that came more than a minute late, by when they came.")
    def revisions(self, info: Info) -> list[RevisionType]:
        """The latest ones."""
        found = self._definition(info)
        slas = info.context.slas(self.workflow)
        return [] if found is None else [RevisionType.of(one) for one in revisions(found, slas, self.of_instance)]

    @strawberry.field(description="How it stands against the SLAs that have begun.")
    def slas(self, info: Info) -> list[VerdictType]:
        """Judged at the moment of the request."""
        found = judge_all(info.context.slas(self.workflow), self.of_instance, info.context.now)
        return [VerdictType.of(verdict) for verdict in found]

    def _definition(self, info: Info) -> Definition | None:
        return observed_of(info.context.state).timelines.active().get(self.workflow)

    @classmethod
    def of(cls, one: Instance) -> Self:
        """From an instance with its milestones."""
        return cls(
            id=one.id,
            workflow=one.workflow,
            state=State(one.state),
            started_at=rfc3339(one.started_at),
            ended_at=None if one.ended_at is None else rfc3339(one.ended_at),
            amount=Amount.of(one.amount),
            settled=Amount.of(one.settlement.total) if one.settlement else None,
            open=Amount.of(one.settlement.open) if one.settlement else None,
            dimensions=pairs(dict(one.dimensions)),
            keys=[Key(type=key.type, value=key.value) for key in one.keys],
            milestones=[
                MilestoneType.of(milestone) for milestone in one.milestones[: whole_until(one.milestones, one.counts)]
            ],
            milestones_total=one.total,
            error_types=list(one.error_types),
            history=TurnType.all_of(one),
            of_instance=one,
        )


@strawberry.type(description="A page of instances; nextCursor is null on the last.")
class InstancePage:
    items: list[InstanceType]
    next_cursor: str | None


@strawberry.type(description="An instance that has the id that was searched for.")
class Hit:
    key: Key
    instance: InstanceType


@strawberry.type(name="SlaFigures", description="What a set of instances comes to; percentiles are seconds.")
class FiguresType:
    count: int
    met: int
    breached: int
    pending: int
    overdue: int
    attainment: float | None
    p50: float | None
    p90: float | None
    p99: float | None
    backwards: int = strawberry.field(
        description="How many reached the end before the start by their systems' clocks: met, and in no percentile."
    )
    overdue_amounts: list[Amount]

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """From figures."""
        waiting = sorted((figures.waiting or {}).items())
        return cls(
            count=figures.count,
            met=figures.met,
            breached=figures.breached,
            pending=figures.pending,
            overdue=figures.overdue,
            attainment=figures.attainment,
            p50=figures.p50,
            p90=figures.p90,
            p99=figures.p99,
            backwards=figures.backwards,
            overdue_amounts=[
                Amount(value=money.text(Money(value, currency)), currency=currency) for currency, value in waiting
            ],
        )


@strawberry.type(name="SlaGroup", description="The figures of one value of a dimension, or of one stretch of time.")
class GroupType:
    value: str
    figures: FiguresType


@strawberry.type(name="SlaReport", description="An SLA over a period, by the time its first step was reached.")
class ReportType:
    start: str
    end: str
    total: FiguresType
    groups: list[GroupType]
    series: list[GroupType]

    @classmethod
    def of(cls, found: Report) -> Self:
        """From a report."""
        return cls(
            start=rfc3339(found.start),
            end=rfc3339(found.end),
            total=FiguresType.of(found.total),
            groups=[GroupType(value=value, figures=FiguresType.of(figures)) for value, figures in found.groups.items()],
            series=[GroupType(value=rfc3339(at), figures=FiguresType.of(one)) for at, one in found.series.items()],
        )


@strawberry.type(name="Sla", description="At least `objective` of the instances get from one step to another in time.")
class SlaType:
    name: str
    title: str
    workflow: str
    start: str = strawberry.field(description="The step that starts the clock.")
    end: str = strawberry.field(description="The step that stops it.")
    within_seconds: float
    objective: float
    owner: str | None

    @classmethod
    def of(cls, sla: Sla) -> Self:
        """From an SLA."""
        return cls(
            name=sla.name,
            title=sla.title,
            workflow=sla.workflow,
            start=sla.start,
            end=sla.end,
            within_seconds=sla.within / 1e9,
            objective=sla.objective,
            owner=sla.owner or None,
        )


@strawberry.type(name="SpanEvent", description="Something that happened within a span.")
class SpanEventType:
    at: str
    name: str
    attributes: list[Pair]


@strawberry.type(name="SpanLink", description="A span that another one names.")
class SpanLinkType:
    trace_id: str
    span_id: str
    attributes: list[Pair]


@strawberry.type(name="Span", description="A span of a trace; duration in nanoseconds as text, since it may pass 2^53.")
class SpanType:
    span_id: str
    parent_span_id: str | None
    name: str
    kind: str
    service: str
    scope: str
    started_at: str
    duration_ns: str
    status: str
    status_message: str
    attributes: list[Pair]
    resource: list[Pair]
    events: list[SpanEventType]
    links: list[SpanLinkType]

    @classmethod
    def of(cls, span: Span) -> Self:
        """From a span."""
        return cls(
            span_id=span.span_id,
            parent_span_id=span.parent_span_id or None,
            name=span.name,
            kind=span.kind,
            service=span.service,
            scope=span.scope,
            started_at=rfc3339(span.start),
            duration_ns=str(span.duration),
            status=span.status,
            status_message=span.status_message,
            attributes=pairs(dict(span.attributes)),
            resource=pairs(dict(span.resource)),
            events=[
                SpanEventType(at=rfc3339(one.at), name=one.name, attributes=pairs(dict(one.attributes)))
                for one in span.events
            ],
            links=[
                SpanLinkType(trace_id=one.trace_id, span_id=one.span_id, attributes=pairs(dict(one.attributes)))
                for one in span.links
            ],
        )
