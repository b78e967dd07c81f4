"""Flows and variants in the graph; they say the same as the REST documents."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from collectors.timelines.model import Money
from collectors.timelines.times import rfc3339
from controlplane.graphql.context import Info, needs
from controlplane.graphql.filters import FilterInput, narrowed
from controlplane.graphql.parts import Amount
from controlplane.http.asking import observed_of
from controlplane.http.paging import MAX_LIMIT


@strawberry.type(name="FlowStep", description="How many instances reached a step, and began with it.")
class StepType:
    step: str
    reached: int
    began: int


@strawberry.type(name="FlowHop", description="Instances that came to `end` right after `start`; seconds.")
class HopType:
    start: str
    end: str
    count: int
    p50: float
    p90: float


@strawberry.type(
    name="FlowStop", description="Instances of one state whose latest step this is; null if none is known."
)
class StopType:
    step: str | None
    state: str
    count: int
    amounts: list[Amount]
    oldest_at: str


@strawberry.type(name="ErrorTypeCount", description="A kind of error, and how many instances met it.")
class ErrorTypeType:
    error_type: str
    count: int


@strawberry.type(name="Flow", description="The way of `total` instances from step to step.")
class FlowType:
    total: int
    steps: list[StepType]
    hops: list[HopType]
    stops: list[StopType]
    error_types: list[ErrorTypeType]


@strawberry.type(name="Variant", description="A sequence of steps and who took it; p50 is seconds from first to last.")
class VariantType:
    path: list[str]
    count: int
    share: float
    completed: int
    p50: float
    amounts: list[Amount]


@strawberry.type(name="Variants", description="The sequences that most took; `number` is how many there are in all.")
class VariantsType:
    total: int
    number: int
    items: list[VariantType]


@strawberry.type
class FlowQuery:
    """What can be asked of ways."""

    @strawberry.field(permission_classes=[needs("workflows:read")], description="Hops, their lengths, and stops.")
    def flow(self, info: Info, workflow: str, where: FilterInput | None = None) -> FlowType:
        """Of the instances that a filter lets through."""
        chosen, _ = narrowed(info, workflow, where)
        found = observed_of(info.context.state).flows.flow(workflow, chosen)
        return FlowType(
            total=found.total,
            steps=[
                StepType(step=step, reached=found.reached.get(step, 0), began=found.began.get(step, 0))
                for step in chosen.order
            ],
            hops=[
                HopType(start=hop.start, end=hop.end, count=hop.count, p50=hop.p50 / 1e9, p90=hop.p90 / 1e9)
                for hop in found.hops
            ],
            stops=[
                StopType(
                    step=stop.step or None,
                    state=stop.state,
                    count=stop.count,
                    amounts=_amounts(stop.amounts),
                    oldest_at=rfc3339(stop.oldest),
                )
                for stop in found.stops
            ],
            error_types=[
                ErrorTypeType(error_type=kind, count=count)
                for kind, count in observed_of(info.context.state).timelines.error_types(workflow, chosen).items()
            ],
        )

    @strawberry.field(permission_classes=[needs("workflows:read")], description="Sequences of steps, ranked.")
    def variants(self, info: Info, workflow: str, where: FilterInput | None = None, limit: int = 20) -> VariantsType:
        """Of the instances that a filter lets through."""
        if not 1 <= limit <= MAX_LIMIT:
            raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
        chosen, _ = narrowed(info, workflow, where)
        found = observed_of(info.context.state).flows.variants(workflow, chosen, limit)
        return VariantsType(
            total=found.total,
            number=found.number,
            items=[
                VariantType(
                    path=list(one.path),
                    count=one.count,
                    share=one.count / found.total,
                    completed=one.completed,
                    p50=one.p50 / 1e9,
                    amounts=_amounts(one.amounts),
                )
                for one in found.items
            ],
        )


def _amounts(totals: Mapping[str, Decimal]) -> list[Amount]:
    found = (Amount.of(Money(value, currency)) for currency, value in sorted(totals.items()))
    return [one for one in found if one is not None]
