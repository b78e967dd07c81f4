"""Incidents: something retired is called by somebody."""

from http import HTTPStatus
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.gate.answer import moment
from policies.lifecycle import keeping
from policies.lifecycle.incidents import State as Standing
from policies.lifecycle.keeping import IncidentError
from policies.lifecycle.models import Incident
from registry.access.roles import Principal

router = APIRouter(prefix="/api/v1/incidents", tags=["lifecycle"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Worker = Annotated[Principal, Depends(requires("incidents:write"))]


class IncidentOut(BaseModel):
    """Calls of a retired version, or of an operation that ended, by one caller."""

    id: str
    state: Standing
    api: str
    version: str | None = Field(description="null: all versions are retired and the spans don't tell which it was.")
    operation: str | None = Field(description="Only this operation has ended; null: the whole version is retired.")
    caller: str
    calls: int = Field(description="Since it was retired, as far as spans are kept, at most 100 days.")
    first_call: str
    last_call: str
    retired_at: str
    opened_at: str
    operations: list[str]
    traces: list[str] = Field(description="The latest few.")
    teams: list[str] = Field(description="Who owns the API, its system and the caller.")
    changed_at: str
    changed_by: str
    comment: str | None


class Remark(BaseModel):
    """What is known of it."""

    model_config = ConfigDict(extra="forbid")

    comment: str | None = Field(default=None, max_length=2_000)


class Resolution(BaseModel):
    """Why it is over."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2_000)


@router.get("", summary="Every incident")
def list_incidents(
    state: State,
    _who: Reader,
    standing: Annotated[Standing | None, Query(alias="state")] = None,
    api: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[IncidentOut]:
    """Those that are open first, then the latest called first."""
    with state.database.reading() as session:
        found = list(keeping.standing(session, state=standing, api=api))
    after = decode_cursor(cursor, (str,))
    if after is not None:
        places = {one.id: place for place, one in enumerate(found, 1)}
        found = found[places.get(str(after[0]), len(found)) :]
    shown, last = cut(found, limit)
    return Page(items=[told(one) for one in shown], next_cursor=encode_cursor((last.id,)) if last else None)


@router.get("/{ident}", summary="One incident")
def get_incident(state: State, _who: Reader, ident: str) -> IncidentOut:
    """As it stands."""
    return told(_named(state, ident))


@router.post("/{ident}/acknowledgement", summary="Take note of an incident")
def acknowledge_incident(state: State, who: Worker, ident: str, remark: Remark | None = None) -> IncidentOut:
    """Somebody looks after it; it goes on counting and closes once it is quiet."""
    return _decided(state, who, ident, "acknowledge", remark.comment if remark else None)


@router.post("/{ident}/resolution", summary="Say that an incident is over")
def resolve_incident(state: State, who: Worker, ident: str, why: Resolution) -> IncidentOut:
    """A call after this moment brings it back."""
    return _decided(state, who, ident, "resolve", why.reason)


def _decided(
    state: AppState, who: Principal, ident: str, how: Literal["acknowledge", "resolve"], reason: str | None
) -> IncidentOut:
    _named(state, ident)
    try:
        with state.database.writing() as session:
            return told(keeping.decide(session, ident, how, actor=who.name, now=state.clock(), reason=reason or None))
    except IncidentError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


def _named(state: AppState, ident: str) -> Incident:
    with state.database.reading() as session:
        found = keeping.one(session, ident) if ident.isascii() and ident.isprintable() else None
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no incident {ident[:40]!r}")
    return found


def told(one: Incident) -> IncidentOut:
    """An incident as it is answered."""
    return IncidentOut(
        id=one.id,
        state=cast("Standing", one.state),
        api=one.api,
        version=one.version or None,
        operation=one.operation,
        caller=one.caller,
        calls=one.calls,
        first_call=moment(one.first_call) or "",
        last_call=moment(one.last_call) or "",
        retired_at=moment(one.retired_at) or "",
        opened_at=moment(one.opened_at) or "",
        operations=one.operations,
        traces=one.traces,
        teams=one.teams,
        changed_at=moment(one.changed_at) or "",
        changed_by=one.changed_by,
        comment=one.comment,
    )
