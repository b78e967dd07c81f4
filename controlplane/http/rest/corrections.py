"""What people put right about which ids belong together."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from controlplane import correcting
from controlplane.http.asking import workflow_named
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.crossref.check import ConflictError, CorrectionError, Statement, read_id
from registry.crossref.models import Correction
from registry.crossref.service import statement_of

router = APIRouter(
    prefix="/api/v1/workflows/{workflow}/corrections",
    tags=["workflows"],
    dependencies=[Depends(requires("workflows:read"))],
)
Editor = Annotated[Principal, Depends(requires("timelines:write"))]


class NewCorrection(BaseModel):
    """What somebody says about two ids, and why."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["same", "apart"] = Field(
        description="same: both ids are one object, though no event says so. apart: an event that names both is `key`'s "
        "alone and says nothing of `other`."
    )
    key: str = Field(description="TYPE:VALUE", examples=["invoice.number:INV-1"], max_length=700)
    other: str = Field(description="TYPE:VALUE", examples=["netsuite.invoice:9001"], max_length=700)
    reason: str = Field(description="For whoever looks at it later; the audit log has it too.", max_length=2000)


class CorrectionOut(BaseModel):
    """A correction that stands: what it says, who said it, when and why."""

    id: str
    workflow: str
    action: Literal["same", "apart"]
    key: str
    other: str
    reason: str
    created_at: datetime
    created_by: str
    joined_by: list[str] | None = Field(
        description="Of `apart`, where both ids are one object all the same: the ids by which other events (or a `same`) "
        "join them, from `key` to `other`. Say which of these stand apart, too. Null where they are two."
    )


@router.get("", summary="What people put right in a workflow, the oldest first")
def list_corrections(state: State, workflow: str, limit: Limit = 50, cursor: Cursor = None) -> Page[CorrectionOut]:
    """Those that stand; what was taken back is in the audit log."""
    workflow_named(state, workflow)
    after = decode_cursor(cursor, (str,))
    rows = list(correcting.standing(state, workflow))
    if after is not None:
        places = {row.id: place for place, row in enumerate(rows, 1)}
        if after[0] not in places:
            raise Problem(
                HTTPStatus.BAD_REQUEST, "the correction at which this page begins was taken back; begin again"
            )
        rows = rows[places[str(after[0])] :]
    shown, last = cut(rows, limit)
    return Page(items=_views(state, workflow, shown), next_cursor=encode_cursor((last.id,)) if last else None)


@router.get("/{correction}", summary="One correction")
def get_correction(state: State, workflow: str, correction: str) -> CorrectionOut:
    """While it stands."""
    workflow_named(state, workflow)
    for row in correcting.standing(state, workflow):
        if row.id == correction:
            return _views(state, workflow, [row])[0]
    raise Problem(HTTPStatus.NOT_FOUND, f"workflow {workflow!r} has no correction {correction!r} (any more)")


@router.post("", summary="Join two ids, or take them apart", status_code=HTTPStatus.CREATED)
def create_correction(
    response: Response, state: State, who: Editor, workflow: str, new: NewCorrection
) -> CorrectionOut:
    """The timelines that it touches show it at once, and keep to it whatever comes later."""
    workflow_named(state, workflow)
    try:
        said = Statement(new.action, read_id(new.key), read_id(new.other))
        (row,) = correcting.say(state, who, workflow, [said], new.reason)
    except ConflictError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None
    except CorrectionError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    response.headers["Location"] = f"/api/v1/workflows/{quote(workflow, safe='')}/corrections/{row.id}"
    return _views(state, workflow, [row])[0]


@router.delete("/{correction}", summary="Take a correction back", status_code=HTTPStatus.NO_CONTENT)
def delete_correction(state: State, who: Editor, workflow: str, correction: str) -> None:
    """What events say counts again; the audit log remembers both."""
    workflow_named(state, workflow)
    try:
        correcting.take_back(state, who, workflow, correction)
    except CorrectionError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None


def _views(state: AppState, workflow: str, rows: Sequence[Correction]) -> list[CorrectionOut]:
    joined = correcting.still_joined(state, workflow, rows)
    return [
        CorrectionOut(
            id=row.id,
            workflow=row.workflow,
            action=said.action,
            key=str(said.key),
            other=str(said.other),
            reason=row.reason,
            created_at=row.created_at,
            created_by=row.created_by,
            joined_by=[str(one) for one in joined[row.id]] if row.id in joined else None,
        )
        for row in rows
        for said in [statement_of(row)]
    ]
