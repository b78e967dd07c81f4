"""Which way a workflow's instances take: hops, stops, variants; and the same facts as an event log."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from collectors.timelines import ocel
from collectors.timelines.model import Instance, Milestone
from collectors.timelines.times import rfc3339
from controlplane.documents import AmountOut, amounts
from controlplane.http.asking import observed_of
from controlplane.http.auth import requires
from controlplane.http.listing import Wanted
from controlplane.http.queries import BY_DIMENSION
from controlplane.http.streaming import begun, saved_as
from controlplane.http.wiring import State

router = APIRouter(prefix="/api/v1", tags=["workflows"], dependencies=[Depends(requires("workflows:read"))])
#: Instances whose milestones are held at once while a log is written.
_PORTION = 500


class StepOut(BaseModel):
    """A step and how many instances reached it, and began with it."""

    step: str
    system: str
    reached: int
    began: int


class HopOut(BaseModel):
    """Instances that came to `to` right after `from`; percentiles are seconds, to three digits."""

    from_: str = Field(alias="from", serialization_alias="from")
    to: str
    count: int
    p50: float
    p90: float


class StopOut(BaseModel):
    """Instances of one state whose latest step this is; `step` is null where only failed attempts are known."""

    step: str | None
    state: str
    count: int
    amounts: list[AmountOut]
    oldest_at: str = Field(description="The longest silence among them began then.")


class ErrorTypeOut(BaseModel):
    """A kind of error, and how many instances met it."""

    error_type: str
    count: int


class FlowOut(BaseModel):
    """The way of `total` instances from step to step, and the kinds of error that most of them met."""

    workflow: str
    total: int
    steps: list[StepOut]
    hops: list[HopOut]
    stops: list[StopOut]
    error_types: list[ErrorTypeOut]


class VariantOut(BaseModel):
    """A sequence of steps; `share` is of all instances, `p50` the median from first to last step in seconds."""

    path: list[str]
    count: int
    share: float
    completed: int
    p50: float
    amounts: list[AmountOut]


class VariantsOut(BaseModel):
    """The sequences that most instances took; `number` is how many there are in all."""

    workflow: str
    total: int
    number: int
    items: list[VariantOut]


@router.get(
    "/workflows/{workflow}/flow",
    summary="From step to step: how many, how long, and where they stop",
    dependencies=[BY_DIMENSION],
)
def get_flow(request: Request, state: State, workflow: str, wanted: Annotated[Wanted, Depends()]) -> FlowOut:
    """Steps count by the first time they were reached; takes the filters of the list."""
    asked = wanted.read(request, state, workflow)
    found = observed_of(state).flows.flow(workflow, asked.filter)
    return FlowOut(
        workflow=workflow,
        total=found.total,
        steps=[
            StepOut(
                step=step.name,
                system=step.system,
                reached=found.reached.get(step.name, 0),
                began=found.began.get(step.name, 0),
            )
            for step in asked.definition.steps
        ],
        hops=[
            HopOut.model_validate(
                {"from": hop.start, "to": hop.end, "count": hop.count, "p50": hop.p50 / 1e9, "p90": hop.p90 / 1e9}
            )
            for hop in found.hops
        ],
        stops=[
            StopOut(
                step=stop.step or None,
                state=stop.state,
                count=stop.count,
                amounts=amounts(stop.amounts),
                oldest_at=rfc3339(stop.oldest),
            )
            for stop in found.stops
        ],
        error_types=[
            ErrorTypeOut(error_type=kind, count=count)
            for kind, count in observed_of(state).timelines.error_types(workflow, asked.filter).items()
        ],
    )


@router.get(
    "/workflows/{workflow}/variants",
    summary="The sequences of steps, those that most took first",
    dependencies=[BY_DIMENSION],
)
def get_variants(
    request: Request,
    state: State,
    workflow: str,
    wanted: Annotated[Wanted, Depends()],
    limit: Annotated[int, Query(ge=1, le=500)] = 20,
) -> VariantsOut:
    """Each step counts at the first time it was reached; takes the filters of the list."""
    asked = wanted.read(request, state, workflow, "limit")
    found = observed_of(state).flows.variants(workflow, asked.filter, limit)
    return VariantsOut(
        workflow=workflow,
        total=found.total,
        number=found.number,
        items=[
            VariantOut(
                path=list(one.path),
                count=one.count,
                share=one.count / found.total,
                completed=one.completed,
                p50=one.p50 / 1e9,
                amounts=amounts(one.amounts),
            )
            for one in found.items
        ],
    )


@router.get(
    "/workflows/{workflow}/ocel.json",
    summary="Instances as an object-centric event log (OCEL 2.0)",
    response_class=StreamingResponse,
    dependencies=[BY_DIMENSION],
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def get_event_log(
    request: Request, state: State, workflow: str, wanted: Annotated[Wanted, Depends()]
) -> StreamingResponse:
    """For process mining; takes the filters of the list, which bound it."""
    asked = wanted.read(request, state, workflow)
    timelines = observed_of(state).timelines
    # By id no object is met twice, even if events that arrive meanwhile move or join some.
    summaries = timelines.walk(workflow, asked.filter, "id", _PORTION)
    portions = ((portion[-1].id, timelines.whole(workflow, portion)) for portion in summaries)

    def milestones(one: Instance) -> Iterator[Milestone]:
        """Page by page, where they are too many to be held."""
        cursor: str | None = None
        while page := timelines.milestones(workflow, one.id, _PORTION, cursor):
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    pieces = ocel.write(asked.definition, begun(ocel.each_once(portions)), milestones)
    return StreamingResponse(pieces, media_type="application/json", headers=saved_as(f"{workflow}.ocel.json"))
