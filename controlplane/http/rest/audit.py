"""Reading the audit log."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from collectors.timelines import times
from controlplane.http.asking import between
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.audit import chain

router = APIRouter(prefix="/api/v1/audit", tags=["Audit"])
Auditor = Annotated[Principal, Depends(requires("audit:read"))]


class Entry(BaseModel):
    """Who did what to which thing, when, from what to what, and why; ``hash`` seals it and all before it."""

    seq: int
    at: datetime
    actor: str
    action: str
    kind: str
    name: str
    before: Any
    after: Any
    reason: str | None
    previous: str
    hash: str


class Verification(BaseModel):
    """Whether the log is as it was written."""

    holds: bool
    entries: int
    broken_at: int | None
    sentence: str


@router.get("", summary="What was changed, newest first")
def list_entries(
    state: State,
    _who: Auditor,
    *,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    kind: Annotated[str | None, Query(max_length=50)] = None,
    name: Annotated[str | None, Query(max_length=200)] = None,
    action: Annotated[str | None, Query(max_length=50, description="Such as create, update, delete, login.")] = None,
    since: Annotated[str | None, Query(alias="from", max_length=40, description="At or after, RFC 3339.")] = None,
    until: Annotated[str | None, Query(alias="to", max_length=40, description="Before, RFC 3339.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Entry]:
    """Narrowed by who did it, what it was done to, what was done, and when."""
    position = decode_cursor(cursor, (int,))
    start, end = between(since, until)
    with state.database.reading() as session:
        rows = chain.entries(
            session,
            before_seq=int(position[0]) if position else None,
            limit=limit + 1,
            actor=actor,
            kind=kind,
            name=name,
            action=action,
            since=_moment(start),
            until=_moment(end),
        )
        shown, last = cut(rows, limit)
        items = [Entry.model_validate(row, from_attributes=True) for row in shown]
        return Page(items=items, next_cursor=encode_cursor((last.seq,)) if last else None)


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromisoformat(times.rfc3339(at))


@router.get("/verification", summary="Check that nobody rewrote the audit log")
def verify_chain(state: State, _who: Auditor) -> Verification:
    """Walks the whole chain of hashes."""
    with state.database.reading() as session:
        verdict = chain.verify(session)
    return Verification(
        holds=verdict.holds,
        entries=verdict.entries,
        broken_at=verdict.broken_at,
        sentence=verdict.sentence,
    )
