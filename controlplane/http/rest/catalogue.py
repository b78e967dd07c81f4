"""Looking into the catalogue."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.rest.apply import check_kind
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.catalogue import read
from registry.catalogue.models import Resource

router = APIRouter(prefix="/api/v1/catalogue", tags=["Catalogue"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]


class Declared(BaseModel):
    """A manifest as it stands, and who brought it there."""

    manifest: dict[str, Any]
    revision: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


class Revision(BaseModel):
    """A manifest as it stood from some moment on."""

    revision: int
    manifest: dict[str, Any]
    at: datetime
    by: str


def _declared(row: Resource) -> Declared:
    return Declared(
        manifest=read.manifest_of(row).as_document(),
        revision=row.revision,
        created_at=row.created_at,
        created_by=row.created_by,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
    )


def _page(state: State, kind: str | None, owner: str | None, limit: int, cursor: str | None) -> Page[Declared]:
    check_kind(kind)
    after = decode_cursor(cursor, (str, str))
    position = (str(after[0]), str(after[1])) if after else None
    with state.database.reading() as session:
        rows, last = cut(read.page(session, kind=kind, owner=owner, after=position, limit=limit + 1), limit)
        next_cursor = encode_cursor((last.kind, last.name)) if last else None
        return Page(items=[_declared(row) for row in rows], next_cursor=next_cursor)


@router.get("", summary="Everything that is declared")
def list_all(
    state: State,
    _who: Reader,
    owner: Annotated[str | None, Query(max_length=100, description="The team that owns it.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Declared]:
    """By kind and name."""
    return _page(state, None, owner, limit, cursor)


@router.get("/{kind}", summary="Everything of one kind")
def list_kind(
    state: State,
    _who: Reader,
    kind: str,
    owner: Annotated[str | None, Query(max_length=100, description="The team that owns it.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Declared]:
    """By name."""
    return _page(state, kind, owner, limit, cursor)


@router.get("/{kind}/{name}", summary="One declared thing")
def get_one(state: State, _who: Reader, kind: str, name: str) -> Declared:
    """As it stands."""
    check_kind(kind)
    with state.database.reading() as session:
        row = read.resource(session, kind, name)
        if row is None:
            raise _nothing(kind, name)
        return _declared(row)


@router.get("/{kind}/{name}/revisions", summary="How one declared thing came to be")
def list_revisions(state: State, _who: Reader, kind: str, name: str) -> Page[Revision]:
    """Newest first, all on one page."""
    check_kind(kind)
    with state.database.reading() as session:
        rows = read.revisions(session, kind, name)
        if not rows:
            raise _nothing(kind, name)
        items = [Revision(revision=row.revision, manifest=row.document, at=row.at, by=row.by) for row in rows]
        return Page(items=items, next_cursor=None)


def _nothing(kind: str, name: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"there is no {kind} {name!r}")
