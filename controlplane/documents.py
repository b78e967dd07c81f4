"""Instances, SLAs and traces as the documents that REST gives; GraphQL and exports say the same things."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from collectors.timelines import money
from collectors.timelines.abridged import whole_until
from collectors.timelines.model import Instance, Milestone, Money
from collectors.timelines.ordering import cursor_behind
from collectors.timelines.times import rfc3339
from policies.slas.model import Figures, Report, Verdict

Time = str


class AmountOut(BaseModel):
    """An exact amount: decimal text and ISO 4217 currency."""

    value: str = Field(examples=["1250.00"])
    currency: str = Field(examples=["EUR"])


def _is_none(value: object) -> bool:
    return value is None


class KeyOut(BaseModel):
    """One id of the object, as one system knows it."""

    type: str = Field(examples=["stripe.invoice"])
    value: str = Field(examples=["in_1"])


class MilestoneOut(BaseModel):
    """A span or event that matched a step."""

    step: str
    system: str
    occurred_at: Time
    status: Literal["ok", "error"]
    trace_id: str
    span_id: str
    source: Literal["span", "event"]


class VerdictOut(BaseModel):
    """How the instance stands against an SLA; ``seconds`` is null until the SLA's last step is reached."""

    sla: str
    state: Literal["met", "breached", "pending", "overdue"]
    seconds: float | None
    due_at: Time


class TimelineOut(BaseModel):
    """One business object on its way through a workflow, with all that is known of it.

    If it has thousands of milestones the document holds the first of them and the keys that these carry, and says so.
    """

    id: str
    workflow: str
    state: Literal["running", "completed", "failed", "cancelled"]
    started_at: Time
    ended_at: Time | None
    amount: AmountOut | None
    settled: AmountOut | None = Field(
        default=None,
        exclude_if=_is_none,
        description="What its parts come to; only where steps settle and it is known.",
    )
    open: AmountOut | None = Field(
        default=None,
        exclude_if=_is_none,
        description="What is missing from the amount; negative where more was settled.",
    )
    dimensions: dict[str, str]
    keys: list[KeyOut]
    milestones: list[MilestoneOut]
    slas: list[VerdictOut]
    definition: str | None = Field(description="The id of the workflow's definition by which its events were read.")
    milestones_total: int | None = Field(
        default=None, exclude_if=_is_none, description="How many there are in all; only where `milestones` is cut."
    )
    milestones_next: str | None = Field(
        default=None, exclude_if=_is_none, description="Where `.../milestones?cursor=` goes on; only where it is cut."
    )


class PercentilesOut(BaseModel):
    """Seconds from the SLA's first step to its last, interpolated; null where none has reached it.

    Without those that reached the last before the first by their systems' clocks.
    """

    p50: float | None
    p90: float | None
    p99: float | None


class FiguresOut(BaseModel):
    """What a set of instances comes to; attainment = met / (met + breached + overdue)."""

    count: int
    met: int
    breached: int
    pending: int
    overdue: int
    attainment: float | None
    percentiles: PercentilesOut
    backwards: int = Field(
        description="How many reached the last step before the first by their systems' clocks: met, and in no percentile."
    )
    overdue_amounts: list[AmountOut]


class GroupOut(FiguresOut):
    """The figures of one value of the dimension that was asked for; "" where an instance has none."""

    value: str


class BucketOut(FiguresOut):
    """The figures of one stretch of the period."""

    start: Time


class ReportOut(FiguresOut):
    """An SLA over the period [from, to) by the time its first step was reached."""

    sla: str
    workflow: str
    objective: float
    within_seconds: float
    from_: Time = Field(alias="from", serialization_alias="from")
    to: Time
    by: str | None
    groups: list[GroupOut]
    series: list[BucketOut]


def timeline(instance: Instance, verdicts: list[Verdict], definition: str | None) -> TimelineOut:
    """The document of one instance: a function of its events, the definition and the SLAs' state at present."""
    shown = instance.milestones[: whole_until(instance.milestones, instance.counts)]
    cut = instance.total > len(shown)
    keys = sorted({key for fact in shown for key in fact.keys}) if cut else instance.keys
    return TimelineOut(
        id=instance.id,
        workflow=instance.workflow,
        state=instance.state,
        started_at=rfc3339(instance.started_at),
        ended_at=None if instance.ended_at is None else rfc3339(instance.ended_at),
        amount=amount(instance.amount),
        settled=amount(instance.settlement.total) if instance.settlement else None,
        open=amount(instance.settlement.open) if instance.settlement else None,
        dimensions=dict(instance.dimensions),
        keys=[KeyOut(type=key.type, value=key.value) for key in keys],
        milestones=[milestone_document(milestone) for milestone in shown],
        slas=[verdict_document(verdict) for verdict in verdicts],
        definition=definition,
        milestones_total=instance.total if cut else None,
        milestones_next=cursor_behind(shown[-1]) if cut else None,
    )


def milestone_document(milestone: Milestone) -> MilestoneOut:
    """A milestone, as a timeline has it."""
    return MilestoneOut(
        step=milestone.step,
        system=milestone.system,
        occurred_at=rfc3339(milestone.occurred_at),
        status=milestone.status,
        trace_id=milestone.trace_id,
        span_id=milestone.span_id,
        source=milestone.source,
    )


def verdict_document(verdict: Verdict) -> VerdictOut:
    """An SLA's state for one instance."""
    return VerdictOut(sla=verdict.sla, state=verdict.state, seconds=verdict.seconds, due_at=rfc3339(verdict.due_at))


def amount(value: Money | None) -> AmountOut | None:
    """Money as text."""
    return None if value is None else AmountOut(value=money.text(value), currency=value.currency)


def amounts(totals: Mapping[str, Decimal] | None) -> list[AmountOut]:
    """Sums by currency, in the currencies' order."""
    return [
        AmountOut(value=money.text(Money(value, currency)), currency=currency)
        for currency, value in sorted((totals or {}).items())
    ]


def report(found: Report, by: str | None) -> ReportOut:
    """An SLA report as a document."""
    return ReportOut.model_validate(
        {
            **_figures(found.total),
            "sla": found.sla.name,
            "workflow": found.sla.workflow,
            "objective": found.sla.objective,
            "within_seconds": found.sla.within / 1e9,
            "from": rfc3339(found.start),
            "to": rfc3339(found.end),
            "by": by,
            "groups": [{"value": value, **_figures(figures)} for value, figures in found.groups.items()],
            "series": [{"start": rfc3339(at), **_figures(figures)} for at, figures in found.series.items()],
        }
    )


def _figures(figures: Figures) -> dict[str, object]:
    return {
        "count": figures.count,
        "met": figures.met,
        "breached": figures.breached,
        "pending": figures.pending,
        "overdue": figures.overdue,
        "attainment": figures.attainment,
        "percentiles": PercentilesOut(p50=figures.p50, p90=figures.p90, p99=figures.p99),
        "backwards": figures.backwards,
        "overdue_amounts": amounts(figures.waiting),
    }
