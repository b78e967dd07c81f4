"""How an instance came to be what it is."""

from __future__ import annotations

from typing import Self

import strawberry

from collectors.timelines.model import Instance
from collectors.timelines.remarks import Remark
from collectors.timelines.times import NANOSECONDS, rfc3339
from controlplane.graphql.parts import Amount, State
from policies.slas.revised import Change, Revision


@strawberry.type(name="Turn", description="The instance entered a state at a time, by a step.")
class TurnType:
    state: State
    at: str
    step: str

    @classmethod
    def all_of(cls, one: Instance) -> list[Self]:
        """The turns of an instance."""
        return [cls(state=State(turn.state), at=rfc3339(turn.at), step=turn.step) for turn in one.history]


@strawberry.type(
    name="Remark", description="Something odd about a timeline; `other` is the step that `step` is compared with."
)
class RemarkType:
    kind: str
    step: str
    other: str | None
    at: str
    seconds: float
    count: int
    amount: Amount | None = strawberry.field(
        description="Of part-settled: what is open; of over-settled: what is too much; of not-added-up: the whole."
    )
    span_ids: list[str]

    @classmethod
    def of(cls, one: Remark) -> Self:
        """From a remark."""
        return cls(
            kind=one.kind.replace(" ", "-"),
            step=one.step,
            other=one.other or None,
            at=rfc3339(one.at),
            seconds=one.gap / NANOSECONDS,
            count=one.count,
            amount=Amount.of(one.money),
            span_ids=[fact.span_id for fact in one.facts],
        )


@strawberry.type(
    name="Change",
    description="A figure before and after; `what` is state, amount, settled, dimension or sla, `name` the dimension's or the SLA's.",
)
class ChangeType:
    what: str
    name: str | None
    before: str | None
    after: str | None
    seconds_before: float | None
    seconds_after: float | None

    @classmethod
    def of(cls, one: Change) -> Self:
        """From a change."""
        return cls(
            what=one.what,
            name=one.name or None,
            before=one.before,
            after=one.after,
            seconds_before=one.seconds[0],
            seconds_after=one.seconds[1],
        )


@strawberry.type(
    name="Revision", description="Milestones that came at a time, long after they happened, and what they changed."
)
class RevisionType:
    at: str
    steps: list[str]
    span_ids: list[str]
    seconds_late: float
    changes: list[ChangeType]

    @classmethod
    def of(cls, one: Revision) -> Self:
        """From a revision."""
        return cls(
            at=rfc3339(one.at),
            steps=[fact.step for fact in one.facts],
            span_ids=[fact.span_id for fact in one.facts],
            seconds_late=one.late / NANOSECONDS,
            changes=[ChangeType.of(change) for change in one.changes],
        )
