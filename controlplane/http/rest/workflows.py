"""Workflows' instances: lists, one timeline, and any id of any system."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from collectors.correlation.keys import key_hash
from collectors.timelines.filtering import Filter
from collectors.timelines.model import Instance, Key
from collectors.timelines.model import State as InstanceState
from collectors.timelines.reading import CursorError
from controlplane.documents import KeyOut, TimelineOut, timeline
from controlplane.http.asking import dimensions_of, now_of, observed_of, slas_of, time_of, workflow_named
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.slas.judge import judge_all
from policies.slas.report import deadline_of

router = APIRouter(prefix="/api/v1", tags=["workflows"], dependencies=[Depends(requires("workflows:read"))])
_OWN = ("key", "state", "overdue", "from", "to", "limit", "cursor")


class HitOut(BaseModel):
    """An instance that has the id that was searched for."""

    key: KeyOut
    instance: TimelineOut


class HitsOut(BaseModel):
    """What a search found; exact ids come before ids that begin with the text."""

    items: list[HitOut]


@router.get("/workflows/{workflow}/instances", summary="Instances of a workflow, those that started last first")
def list_instances(
    request: Request,
    state: State,
    workflow: str,
    *,
    key: Annotated[str | None, Query(description="TYPE:VALUE, any id of the object.")] = None,
    instance_state: Annotated[InstanceState | None, Query(alias="state")] = None,
    overdue: Annotated[bool | None, Query(description="Whether any SLA's time has run out unmet.")] = None,
    since: Annotated[str | None, Query(alias="from", description="Started at or after, RFC 3339.")] = None,
    until: Annotated[str | None, Query(alias="to", description="Started before, RFC 3339.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[TimelineOut]:
    """Filters must all hold; any dimension of the workflow is a parameter too (`?entity=DE01`)."""
    definition = workflow_named(state, workflow)
    now = now_of(state)
    chosen = Filter(
        key=None if key is None else key_hash(_key(key)),
        state=instance_state,
        since=time_of(since, "from"),
        until=time_of(until, "to"),
        dimensions=dimensions_of(request, definition, _OWN),
        overdue=overdue,
        deadlines=tuple(deadline_of(sla) for sla in slas_of(state, workflow)),
        now=now,
    )
    timelines = observed_of(state).timelines
    try:
        page = timelines.page(workflow, chosen, limit, cursor)
    except CursorError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
    return Page(items=documents(state, timelines.whole(workflow, page.items), now), next_cursor=page.next_cursor)


@router.get("/workflows/{workflow}/instances/{id}", summary="One timeline")
def get_instance(state: State, workflow: str, id: str) -> TimelineOut:  # noqa: A002 - the path's own word
    """By its id, or by an id that it had before a late event joined it to another."""
    workflow_named(state, workflow)
    found = observed_of(state).timelines.get(workflow, id)
    if found is None:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"workflow {workflow!r} has no instance {id!r}; search by any id at /api/v1/search?q="
        )
    return documents(state, [found], now_of(state))[0]


@router.get("/search", summary="Any id of any system")
def search(
    state: State,
    q: Annotated[str, Query(min_length=1, max_length=500, description="An id, the beginning of one, or a trace id.")],
    limit: Limit = 20,
) -> HitsOut:
    """Invoice numbers, payment intents, opportunities, trace ids: whatever any workflow knows its objects by."""
    now = now_of(state)
    hits = observed_of(state).timelines.search(q, limit)
    items = []
    for hit in hits:
        whole = observed_of(state).timelines.whole(hit.instance.workflow, [hit.instance])
        key = KeyOut(type=hit.key.type, value=hit.key.value)
        items += [HitOut(key=key, instance=document) for document in documents(state, whole, now)]
    return HitsOut(items=items)


def documents(state: AppState, instances: list[Instance], now: int) -> list[TimelineOut]:
    """Timelines with their SLAs as they stand now."""
    slas = {workflow: slas_of(state, workflow) for workflow in {instance.workflow for instance in instances}}
    return [timeline(instance, judge_all(slas[instance.workflow], instance, now)) for instance in instances]


def _key(text: str) -> Key:
    kind, colon, value = text.partition(":")
    if not (kind and colon and value):
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"key must be TYPE:VALUE, such as invoice.number:INV-1, but is {text[:80]!r}"
        )
    return Key(kind, value)
