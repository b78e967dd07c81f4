"""How an instance came to be what it is: turns of its state, arrivals, oddities; and what it relates to."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from collectors.timelines.model import Instance, Milestone
from collectors.timelines.related import Relation, related
from collectors.timelines.remarks import Remark, remarks, to_come
from collectors.timelines.times import NANOSECONDS, rfc3339
from controlplane.documents import AmountOut, KeyOut, amount
from controlplane.http.asking import instance_of, observed_of, slas_of, workflow_named
from controlplane.http.auth import requires
from controlplane.http.wiring import State
from policies.slas.revised import Revision, revisions

router = APIRouter(
    prefix="/api/v1/workflows/{workflow}/instances/{id}",
    tags=["workflows"],
    dependencies=[Depends(requires("workflows:read"))],
)


class TurnOut(BaseModel):
    """The instance entered a state at a time, by a step."""

    state: Literal["running", "completed", "failed", "cancelled"]
    at: str
    step: str


class ArrivalOut(BaseModel):
    """A milestone, and when it was first seen here (null where that is not known)."""

    step: str
    status: Literal["ok", "error"]
    error_type: str | None = Field(description="What kind of error a failed one met, where that is known.")
    occurred_at: str
    observed_at: str | None
    trace_id: str
    span_id: str


class DifferenceOut(BaseModel):
    """A kind of id of which a repeated step left several."""

    type: str
    values: list[str]


class RemarkOut(BaseModel):
    """Something odd; ``seconds`` lie between ``step`` and ``other``, or between first and last time."""

    kind: str = Field(
        description="failed, retried, done-again, reported-again, out-of-order, clocks-differ, clock-ahead, arrived-late, instead, skipped, amount-unread, part-settled, over-settled, not-added-up, very-long"
    )
    step: str
    other: str | None = Field(description="The step that it is compared with.")
    at: str
    seconds: float
    count: int
    ids: list[DifferenceOut]
    amount: AmountOut | None = Field(
        description="Of part-settled: what is open; of over-settled: what is too much; of not-added-up: the whole."
    )
    spans: list[str] = Field(description="Ids of the spans that show it, the one that counts first.")


class ChangeOut(BaseModel):
    """A figure before and after; null where there was none."""

    what: Literal["state", "amount", "settled", "dimension", "sla"]
    name: str | None = Field(description="The SLA's or the dimension's.")
    before: str | None = Field(description="A state, `1250.00 EUR`, a dimension's value, or the SLA's verdict.")
    after: str | None
    seconds_before: float | None = Field(description="Of an SLA: from its first step to its last.")
    seconds_after: float | None


class RevisionOut(BaseModel):
    """Milestones that came late, and what was shown otherwise until then."""

    at: str = Field(description="When they came.")
    steps: list[str]
    spans: list[str]
    seconds_late: float = Field(
        description="For how long they were missing: since they had happened, or since anything was known of the object."
    )
    changes: list[ChangeOut]


class HistoryOut(BaseModel):
    """The turns of an instance's state, by time; the last is the present one."""

    id: str
    workflow: str
    definition: str = Field(description="The id of the workflow's definition by which its events were read.")
    state: Literal["running", "completed", "failed", "cancelled"]
    turns: list[TurnOut]
    to_come: list[str] = Field(description="Steps that are still expected; none once it has ended.")
    error_types: list[str] = Field(description="The kinds of error that its milestones met.")
    milestones: list[ArrivalOut]
    remarks: list[RemarkOut]
    revisions: list[RevisionOut] = Field(
        description="What milestones changed that came more than a minute late, by when they came; the latest 20."
    )


class RelatedOut(BaseModel):
    """Another object, in short."""

    id: str
    workflow: str
    state: Literal["running", "completed", "failed", "cancelled"]
    started_at: str
    amount: AmountOut | None
    keys: list[KeyOut]


class RelationOut(BaseModel):
    """Objects of one workflow that are related in one way by one id, those that started last first."""

    how: Literal["belongs-to", "has", "shares"] = Field(
        description="belongs-to: `key` is the other's own; has: it is this one's own, and the others name it; shares: all name it."
    )
    key: KeyOut
    workflow: str
    total: int
    instances: list[RelatedOut]


class RelationsOut(BaseModel):
    """What an instance relates to."""

    items: list[RelationOut]


@router.get("/history", summary="The turns of an instance's state, what came late, what is odd")
def get_history(state: State, workflow: str, id: str) -> HistoryOut:  # noqa: A002 - the path's own word
    """All of it is derived from the milestones, so it never disagrees with them."""
    instance = instance_of(state, workflow, id)
    definition = workflow_named(state, workflow)
    return HistoryOut(
        id=instance.id,
        workflow=workflow,
        definition=definition.id,
        state=instance.state,
        turns=[TurnOut(state=turn.state, at=rfc3339(turn.at), step=turn.step) for turn in instance.history],
        to_come=list(to_come(definition, instance.reached)) if instance.state == "running" else [],
        error_types=list(instance.error_types),
        milestones=[_arrival(one) for one in instance.milestones],
        remarks=[_remark(one) for one in remarks(definition, instance)],
        revisions=[_revision(one) for one in revisions(definition, slas_of(state, workflow), instance)],
    )


@router.get("/related", summary="Other objects that an instance relates to")
def get_related(
    state: State,
    workflow: str,
    id: str,  # noqa: A002 - the path's own word
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many instances of each relation.")] = 20,
) -> RelationsOut:
    """By ids that one of them names and that join nothing (`joins: false`)."""
    found = related(observed_of(state).timelines, instance_of(state, workflow, id), limit)
    return RelationsOut(items=[_relation(one) for one in found])


def _arrival(one: Milestone) -> ArrivalOut:
    return ArrivalOut(
        step=one.step,
        status=one.status,
        error_type=one.error_type or None,
        occurred_at=rfc3339(one.occurred_at),
        observed_at=rfc3339(one.observed_at) if one.observed_at else None,
        trace_id=one.trace_id,
        span_id=one.span_id,
    )


def _remark(one: Remark) -> RemarkOut:
    return RemarkOut(
        kind=one.kind.replace(" ", "-"),
        step=one.step,
        other=one.other or None,
        at=rfc3339(one.at),
        seconds=one.gap / NANOSECONDS,
        count=one.count,
        ids=[DifferenceOut(type=kind, values=list(values)) for kind, values in one.ids],
        amount=amount(one.money),
        spans=[fact.span_id for fact in one.facts],
    )


def _revision(one: Revision) -> RevisionOut:
    return RevisionOut(
        at=rfc3339(one.at),
        steps=[fact.step for fact in one.facts],
        spans=[fact.span_id for fact in one.facts],
        seconds_late=one.late / NANOSECONDS,
        changes=[
            ChangeOut(
                what=change.what,
                name=change.name or None,
                before=change.before,
                after=change.after,
                seconds_before=change.seconds[0],
                seconds_after=change.seconds[1],
            )
            for change in one.changes
        ],
    )


def _relation(one: Relation) -> RelationOut:
    return RelationOut(
        how="belongs-to" if one.how == "belongs to" else one.how,
        key=KeyOut(type=one.key.type, value=one.key.value),
        workflow=one.workflow,
        total=one.total,
        instances=[_short(other) for other in one.instances],
    )


def _short(one: Instance) -> RelatedOut:
    return RelatedOut(
        id=one.id,
        workflow=one.workflow,
        state=one.state,
        started_at=rfc3339(one.started_at),
        amount=amount(one.amount),
        keys=[KeyOut(type=key.type, value=key.value) for key in one.keys],
    )
