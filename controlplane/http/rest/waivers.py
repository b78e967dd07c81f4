"""Waivers: asking for one, and deciding."""

from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from controlplane import waiving
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.rest.policies import UsedWaiver
from controlplane.http.wiring import State
from controlplane.state import AppState
from policies.gate.answer import waiver as as_told
from registry.access.roles import Principal
from registry.nearest import nearest
from registry.waivers.service import WaiverError
from registry.waivers.standing import Decision, Standing

router = APIRouter(prefix="/api/v1/waivers", tags=["Waivers"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Asker = Annotated[Principal, Depends(requires("policies:evaluate"))]
Decider = Annotated[Principal, Depends(requires("waivers:write"))]
State_ = Literal["requested", "approved", "refused", "withdrawn", "expired"]


class NewWaiver(BaseModel):
    """What somebody wishes to let pass: findings of a subject, by their fingerprints, until a day, and why."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=100, description="By default made of subject and fingerprints.")
    subject: str = Field(max_length=100)
    fingerprints: list[str] = Field(min_length=1, max_length=200)
    reason: str = Field(max_length=2_000)
    expires: str = Field(description="The last day on which it counts.", examples=["2027-03-31"], max_length=40)
    ticket: str | None = Field(default=None, max_length=500)


class Comment(BaseModel):
    """Why it was decided so."""

    model_config = ConfigDict(extra="forbid")

    comment: str | None = Field(default=None, max_length=2_000)


@router.get("", summary="Every waiver")
def list_waivers(
    state: State,
    _who: Reader,
    subject: Annotated[str | None, Query(max_length=100)] = None,
    standing: Annotated[State_ | None, Query(alias="state")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[UsedWaiver]:
    """What waits for somebody comes first, then what ends soonest; what is over stays visible."""
    today = state.clock().date()
    found = [one for one in waiving.standing(state, subject) if standing in {None, one.state(today)}]
    after = decode_cursor(cursor, (str,))
    if after is not None:
        places = {one.name: place for place, one in enumerate(found, 1)}
        found = found[places.get(str(after[0]), len(found)) :]
    shown, last = cut(found, limit)
    return Page(items=[_told(state, one) for one in shown], next_cursor=encode_cursor((last.name,)) if last else None)


@router.get("/{name}", summary="One waiver")
def get_waiver(state: State, _who: Reader, name: str) -> UsedWaiver:
    """As it stands."""
    return _told(state, _named(state, name))


@router.post("", summary="Ask for a waiver", status_code=HTTPStatus.CREATED)
def request_waiver(state: State, who: Asker, response: Response, new: NewWaiver) -> UsedWaiver:
    """What would only be warned of passes at once; what would be denied, once somebody else approves.

    The same as applying a manifest of kind Waiver; 422 says what is wrong with it.
    """
    found = waiving.request(
        state,
        who,
        name=new.name,
        subject=new.subject,
        fingerprints=new.fingerprints,
        reason=new.reason,
        expires=new.expires,
        ticket=new.ticket,
    )
    response.headers["Location"] = f"/api/v1/waivers/{quote(found.name, safe='')}"
    return _told(state, found)


@router.post("/{name}/approval", summary="Approve a waiver")
def approve_waiver(state: State, who: Decider, name: str, why: Comment | None = None) -> UsedWaiver:
    """409 for whoever asked for it: it takes two."""
    return _decided(state, who, name, "approved", why)


@router.post("/{name}/refusal", summary="Refuse a waiver")
def refuse_waiver(state: State, who: Decider, name: str, why: Comment | None = None) -> UsedWaiver:
    """It lets nothing pass; asked for anew with another reason or end, it is open again."""
    return _decided(state, who, name, "refused", why)


@router.post("/{name}/withdrawal", summary="Withdraw a waiver")
def withdraw_waiver(state: State, who: Decider, name: str, why: Comment | None = None) -> UsedWaiver:
    """It counts no more, though its end has not come."""
    return _decided(state, who, name, "withdrawn", why)


def _decided(state: AppState, who: Principal, name: str, decision: Decision, why: Comment | None) -> UsedWaiver:
    _named(state, name)
    try:
        return _told(state, waiving.decide(state, who, name, decision, why.comment if why else None))
    except WaiverError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


def _named(state: AppState, name: str) -> Standing:
    found = waiving.one(state, name) if name.isascii() and name.isprintable() else None
    if found is None:
        guess = nearest(name, [one.name for one in waiving.standing(state)])
        hint = f"; did you mean {guess}?" if guess else ""
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no waiver {name[:100]!r}{hint}")
    return found


def _told(state: AppState, one: Standing) -> UsedWaiver:
    return UsedWaiver(**as_told(one, state.clock().date()))
