"""Who is signed in, and ending that."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Page
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from registry.access import people
from registry.access.roles import Principal

router = APIRouter(prefix="/api/v1/sessions", tags=["Access"])


class SessionView(BaseModel):
    """An open session of a person."""

    id: str
    name: str
    role: str
    created_at: datetime
    expires_at: datetime
    token_id: str | None


class Ended(BaseModel):
    """How many sessions were ended."""

    ended: int


@router.get("", summary="Who is signed in")
def list_sessions(
    state: State,
    _who: Annotated[Principal, Depends(requires("tokens:read"))],
    name: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[SessionView]:
    """The newest first, all on one page."""
    with state.database.reading() as session:
        rows = people.sessions(session, state.clock(), name)
    items = [
        SessionView(
            id=people.public_id(row),
            name=row.name,
            role=row.role,
            created_at=row.created_at,
            expires_at=row.expires_at,
            token_id=row.token_id,
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=None)


@router.delete("", summary="Sign someone out everywhere")
def end_sessions(
    state: State,
    who: Annotated[Principal, Depends(requires("tokens:write"))],
    name: Annotated[str, Query(min_length=1, max_length=200)],
) -> Ended:
    """All sessions of that name."""
    with state.database.writing() as session:
        return Ended(ended=people.end(session, actor=who.name, now=state.clock(), name=name))


@router.delete("/{session_id}", summary="End one session", status_code=HTTPStatus.NO_CONTENT)
def end_session(state: State, who: Annotated[Principal, Depends(requires("tokens:write"))], session_id: str) -> None:
    """At once."""
    with state.database.writing() as session:
        if not people.end(session, actor=who.name, now=state.clock(), ident=session_id):
            raise Problem(HTTPStatus.NOT_FOUND, f"no session {session_id[:40]!r} is open")
