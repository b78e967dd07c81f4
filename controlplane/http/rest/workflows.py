"""Workflows' instances: lists, one timeline, and any id of any system."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from collectors.timelines.model import Instance
from collectors.timelines.ordering import CursorError
from controlplane.documents import KeyOut, MilestoneOut, TimelineOut, milestone_document, timeline
from controlplane.http.asking import instance_of, no_instance, now_of, observed_of, slas_of, workflow_named
from controlplane.http.auth import requires
from controlplane.http.listing import Wanted
from controlplane.http.paging import Cursor, Limit, Page
from controlplane.http.problems import Problem
from controlplane.http.queries import BY_DIMENSION
from controlplane.http.streaming import begun, saved_as
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.slas import table
from policies.slas.judge import judge_all

router = APIRouter(prefix="/api/v1", tags=["workflows"], dependencies=[Depends(requires("workflows:read"))])


class HitOut(TimelineOut):
    """An instance, and which of its ids was searched for."""

    matched: KeyOut


class PlaceOut(BaseModel):
    """A trace, and one of its spans if that was asked for."""

    trace_id: str
    span_id: str | None


class JoiningKeyOut(BaseModel):
    """An instance that is very long, and the key that joins it; null where one object just has so many milestones."""

    instance: str
    milestones: int
    key: KeyOut | None
    beside: int = Field(description="How many other ids of one type events name beside that key.")


class JoiningKeysOut(BaseModel):
    """The longest instances."""

    items: list[JoiningKeyOut]


class HitsOut(BaseModel):
    """What a search found; exact ids come before ids that begin with the text."""

    items: list[HitOut]
    trace: PlaceOut | None = Field(description="The stored trace or span that the text is the id of.")


@router.get(
    "/workflows/{workflow}/instances",
    summary="Instances of a workflow, those that started last first",
    dependencies=[BY_DIMENSION],
)
def list_instances(
    request: Request,
    state: State,
    workflow: str,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[TimelineOut]:
    """Filters must all hold; any dimension of the workflow is a parameter too (`?entity=DE01`)."""
    asked = wanted.read(request, state, workflow, "limit", "cursor")
    timelines = observed_of(state).timelines
    try:
        page = timelines.page(workflow, asked.filter, limit, cursor, asked.sort)
    except CursorError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
    return Page(items=documents(state, timelines.whole(workflow, page.items), asked.now), next_cursor=page.next_cursor)


@router.get(
    "/workflows/{workflow}/instances.csv",
    summary="The same list as CSV, all of it",
    response_class=StreamingResponse,
    dependencies=[BY_DIMENSION],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def list_as_csv(
    request: Request, state: State, workflow: str, wanted: Annotated[Wanted, Depends()]
) -> StreamingResponse:
    """RFC 4180; times are RFC 3339 in UTC, amounts plain decimals, and no cell begins like a formula."""
    asked = wanted.read(request, state, workflow)
    portions = observed_of(state).timelines.walk(workflow, asked.filter, asked.sort)
    lines = table.lines(asked.definition, asked.slas, begun(portions), asked.now)
    return StreamingResponse(
        lines, media_type="text/csv; charset=utf-8; header=present", headers=saved_as(f"{workflow}.csv")
    )


@router.get("/workflows/{workflow}/instances/{id}", summary="One timeline")
def get_instance(state: State, workflow: str, id: str) -> TimelineOut:  # noqa: A002 - the path's own word
    """By its id, or by an id that it had before a late event joined it to another."""
    return documents(state, [instance_of(state, workflow, id)], now_of(state))[0]


@router.get("/workflows/{workflow}/instances/{id}/milestones", summary="The milestones of a timeline, page by page")
def list_milestones(
    state: State,
    workflow: str,
    id: str,  # noqa: A002 - the path's own word
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[MilestoneOut]:
    """In their order; of a timeline that has thousands, its document holds only the first."""
    workflow_named(state, workflow)
    try:
        page = observed_of(state).timelines.milestones(workflow, id, limit, cursor)
    except CursorError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
    if page is None:
        raise no_instance(workflow, id)
    return Page(items=[milestone_document(one) for one in page.items], next_cursor=page.next_cursor)


@router.get(
    "/workflows/{workflow}/joining-keys",
    summary="Keys that join too much: of the instances with thousands of milestones, what makes them one",
)
def list_joining_keys(state: State, workflow: str) -> JoiningKeysOut:
    """The longest instances first, at most 20. Such a key is rather another object's: let it relate (`joins: false`)."""
    workflow_named(state, workflow)
    return JoiningKeysOut(
        items=[
            JoiningKeyOut(
                instance=one.instance,
                milestones=one.milestones,
                key=None if one.key is None else KeyOut(type=one.key.type, value=one.key.value),
                beside=one.beside,
            )
            for one in observed_of(state).timelines.longest(workflow)
        ]
    )


@router.get("/search", summary="Any id of any system")
def search(
    state: State,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=500,
            description="An id (quoted, or in an address), the beginning of one, a trace's or span's.",
        ),
    ],
    limit: Limit = 20,
) -> HitsOut:
    """Invoice numbers, payment intents, opportunities, trace ids: whatever any workflow knows its objects by.

    Of a trace or span: the objects that it served, by milestones, by ids that it carries, or through linked traces.
    """
    now = now_of(state)
    hits = observed_of(state).timelines.search(q, limit)
    items = []
    for hit in hits:
        whole = observed_of(state).timelines.whole(hit.instance.workflow, [hit.instance])
        key = KeyOut(type=hit.key.type, value=hit.key.value)
        items += [HitOut(**document.model_dump(), matched=key) for document in documents(state, whole, now)]
    place = observed_of(state).traces.find(q)
    return HitsOut(
        items=items, trace=PlaceOut(trace_id=place.trace_id, span_id=place.span_id or None) if place else None
    )


def documents(state: AppState, instances: list[Instance], now: int) -> list[TimelineOut]:
    """Timelines with their SLAs as they stand now."""
    slas = {workflow: slas_of(state, workflow) for workflow in {instance.workflow for instance in instances}}
    answering = {name: one.id for name, one in observed_of(state).timelines.active().items()}
    return [timeline(one, judge_all(slas[one.workflow], one, now), answering.get(one.workflow)) for one in instances]
