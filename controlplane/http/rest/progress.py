"""The workflows, by which definition each is read, and how far a new reading has come."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from collectors.correlation.readings import Progress
from collectors.timelines.unread import NONE, Unread, unread_amounts
from collectors.workflows.definition import Definition
from controlplane import readings
from controlplane.http.asking import observed_of
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.wiring import State

router = APIRouter(prefix="/api/v1", tags=["workflows"], dependencies=[Depends(requires("workflows:read"))])


class BuildingOut(BaseModel):
    """A definition that goes through history before it answers: it reads its weeks, then puts together what they came to."""

    definition: str
    done: int = Field(description="Weeks that are read.")
    total: int = Field(description="Weeks of history; 0 until they are counted.")
    folded: int = Field(description="Portions that are put together.")
    portions: int = Field(description="Portions in all; 0 until all weeks are read.")
    seconds_left: int | None = Field(
        description="How long the stage at hand (reading, then putting together) will take still, by how fast it has gone "
        "so far; null where nobody can say."
    )


class UnreadOut(BaseModel):
    """So many milestones of so many instances; `?amount_unread=true` lists these."""

    milestones: int
    instances: int


class WorkflowOut(BaseModel):
    """A workflow; until a changed definition has read all of history, the one before it answers."""

    name: str
    title: str
    object: str
    definition: str | None = Field(description="The id of the definition that answers; null until one does.")
    building: BuildingOut | None
    unread_amounts: UnreadOut = Field(description="Amounts that senders stated and that can't be read, such as 12,50.")


@router.get("/workflows", summary="Workflows, and how far changed ones have read history")
def list_workflows(state: State, limit: Limit = 50, cursor: Cursor = None) -> Page[WorkflowOut]:
    """By name."""
    correlator = observed_of(state).correlator
    answering = correlator.active
    building = {one.workflow: one for one in correlator.building}
    after = decode_cursor(cursor, (str,))
    with state.database.reading() as session:
        declared = readings.definitions(session)
    later = [one for one in declared if after is None or one.workflow > str(after[0])]
    shown, last = cut(later, limit)
    unread = unread_amounts(observed_of(state).store, answering.values())
    items = [
        _view(one, answering.get(one.workflow), building.get(one.workflow), unread.get(one.workflow, NONE))
        for one in shown
    ]
    return Page(items=items, next_cursor=encode_cursor((last.workflow,)) if last else None)


def _view(declared: Definition, answering: Definition | None, building: Progress | None, unread: Unread) -> WorkflowOut:
    if building is None and (answering is None or answering.id != declared.id):
        # It was declared a moment ago and the correlator has not begun with it.
        building = Progress(declared.workflow, declared.id, done=0, total=0)
    return WorkflowOut(
        name=declared.workflow,
        title=declared.title or declared.workflow,
        object=declared.object,
        definition=None if answering is None else answering.id,
        building=None
        if building is None
        else BuildingOut(
            definition=building.definition,
            done=building.done,
            total=building.total,
            folded=building.folded,
            portions=building.portions,
            seconds_left=building.seconds_left,
        ),
        unread_amounts=UnreadOut(milestones=unread.milestones, instances=unread.instances),
    )
