"""Tokens for programs and login links for people."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from controlplane.http.addresses import login_url
from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from registry.access import people, tokens
from registry.access.models import Token
from registry.access.roles import Principal, Role

router = APIRouter(prefix="/api/v1", tags=["Access"])
Keeper = Annotated[Principal, Depends(requires("tokens:write"))]


class NewToken(BaseModel):
    """What a token is to be."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="Who uses it; the audit log shows this name.")
    role: Role
    expires_at: AwareDatetime | None = Field(default=None, description="With a zone; null never expires.")


class TokenView(BaseModel):
    """A token without its secret."""

    id: str
    name: str
    role: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class TokenOnce(TokenView):
    """A new token with its text, which is shown this once."""

    token: str


class NewLink(BaseModel):
    """Whom a login link is for."""

    model_config = ConfigDict(extra="forbid")

    name: str
    role: Role


class Link(BaseModel):
    """A link that signs one person in, once."""

    url: str
    expires_at: datetime


class Me(BaseModel):
    """Who asks, and what they may do."""

    name: str
    role: str
    permissions: list[str]


@router.get("/tokens", summary="All tokens, without their secrets")
def list_tokens(
    state: State,
    _who: Annotated[Principal, Depends(requires("tokens:read"))],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[TokenView]:
    """By id; the revoked and expired ones too."""
    after = decode_cursor(cursor, (str,))
    with state.database.reading() as session:
        rows = tokens.every(session, after=str(after[0]) if after else None, limit=limit + 1)
        shown, last = cut(rows, limit)
        return Page(items=[_view(row) for row in shown], next_cursor=encode_cursor((last.id,)) if last else None)


@router.post("/tokens", summary="Make a token", status_code=HTTPStatus.CREATED)
def create_token(state: State, who: Keeper, new: NewToken) -> TokenOnce:
    """Its text is in the answer, and can't be had again."""
    now = state.clock()
    with state.database.writing() as session:
        row, text = tokens.create(
            session,
            name=new.name,
            role=new.role,
            actor=who.name,
            now=now,
            expires_at=new.expires_at,
        )
        return TokenOnce(**_view(row).model_dump(), token=text)


@router.delete("/tokens/{token_id}", summary="Revoke a token", status_code=HTTPStatus.NO_CONTENT)
def revoke_token(state: State, who: Keeper, token_id: str) -> None:
    """At once and for good; the sessions that it opened end too."""
    with state.database.writing() as session:
        try:
            tokens.revoke(session, token_id, actor=who.name, now=state.clock())
        except tokens.TokenError as error:
            raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None


@router.post("/login-links", summary="Make a login link for a person", status_code=HTTPStatus.CREATED)
def create_login_link(request: Request, state: State, who: Keeper, new: NewLink) -> Link:
    """It works once, within the hour."""
    now = state.clock()
    with state.database.writing() as session:
        hidden = people.create_link(session, name=new.name, role=new.role, actor=who.name, now=now)
    base = state.settings.public_url or str(request.base_url)
    return Link(url=login_url(base, hidden), expires_at=now + people.LINK_LASTS)


@router.get("/me", summary="Who I am and what I may do")
def who_am_i(who: Annotated[Principal, Depends(requires(None))]) -> Me:
    """For whoever sends a valid token or session."""
    return Me(name=who.name, role=who.role, permissions=sorted(who.permissions))


def _view(row: Token) -> TokenView:
    return TokenView.model_validate(row, from_attributes=True)
