"""Operations: what one can call or listen to, as the OpenAPI and AsyncAPI documents in force say."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.rest.schemas import Reader
from controlplane.http.subjects import subject_named
from controlplane.http.wiring import State
from registry.schemas import subjects

router = APIRouter(prefix="/api/v1/operations", tags=["Schemas"])


class OperationAbout(BaseModel):
    """One operation of the version that is in force.

    ``action`` is an HTTP method, or send, receive, publish, subscribe; ``address`` a path or a channel's address;
    ``security`` names the schemes of each way to be let in; ``pointer`` is where it stands in the document.
    """

    subject: str
    version: int
    action: str
    address: str
    operation_id: str | None
    summary: str | None
    deprecated: bool
    sunset: str | None
    security: list[str]
    pointer: str


@router.get("", summary="Every operation")
def list_operations(
    state: State,
    _who: Reader,
    subject: Annotated[str | None, Query(max_length=100, description="The schema whose document has them.")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Words of action, address, id, summary.")] = None,
    deprecated: Annotated[bool | None, Query(description="Only those that are deprecated, or that are not.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[OperationAbout]:
    """By schema, then in the order of the document."""
    after = decode_cursor(cursor, (str, int))
    behind = (str(after[0]), int(after[1])) if after else None
    with state.database.reading() as session:
        name = subject_named(session, subject).name if subject is not None else None
        rows = subjects.operations(
            session, subject=name, search=q, deprecated=deprecated, after=behind, limit=limit + 1
        )
        shown, last = cut(rows, limit)
        items = [OperationAbout.model_validate(row, from_attributes=True) for row in shown]
    return Page(items=items, next_cursor=encode_cursor((last.subject, last.position)) if last else None)
