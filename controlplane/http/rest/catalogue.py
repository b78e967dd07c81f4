"""Looking into the catalogue."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem, as_errors
from controlplane.http.rest.apply import Reason, body_of, check_kind
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.catalogue import editing, read
from registry.catalogue.conflict import ConflictError
from registry.catalogue.models import Resource
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText

router = APIRouter(prefix="/api/v1/catalogue", tags=["Catalogue"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Writer = Annotated[Principal, Depends(requires("catalogue:write"))]
IfMatch = Annotated[str | None, Header(max_length=40, description="The ETag of what one looked at.")]
#: A revision has fewer digits.
_DIGITS = 10


class Declared(BaseModel):
    """A manifest as it stands, and who brought it there."""

    manifest: dict[str, Any]
    revision: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


class Revision(BaseModel):
    """A manifest as it stood from some moment on; null where it was removed."""

    revision: int
    manifest: dict[str, Any] | None
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
def get_one(state: State, _who: Reader, response: Response, kind: str, name: str) -> Declared:
    """As it stands; `ETag` is its revision, for `If-Match`."""
    check_kind(kind)
    with state.database.reading() as session:
        row = read.resource(session, kind, name)
        if row is None:
            raise _nothing(kind, name)
        response.headers["ETag"] = f'"{row.revision}"'
        return _declared(row)


@router.put(
    "/{kind}/{name}",
    summary="Change one declared thing that one has looked at",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The manifest, as YAML or JSON.",
            "content": {"application/yaml": {"schema": {}}, "application/json": {"schema": {}}},
        },
    },
)
async def put_one(
    request: Request,
    response: Response,
    state: State,
    who: Writer,
    kind: str,
    name: str,
    *,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Declared:
    """Store it in place of the revision that `If-Match` names; without that it must be new.

    412 if it is another revision by now: nothing is overwritten, and `ETag` says which one is there. 428 if something
    is there and no `If-Match` says what was seen of it.
    """
    check_kind(kind)
    body = await body_of(request)
    declared = await run_in_threadpool(_put, state, who, (kind, name), body, _seen(if_match), reason)
    response.headers["ETag"] = f'"{declared.revision}"'
    return declared


def _put(
    state: AppState, who: Principal, key: tuple[str, str], body: bytes, seen: int | None, reason: str | None
) -> Declared:
    manifests = parse_manifests([SourceText("", body)])
    if [(one.manifest.kind, one.manifest.name) for one in manifests] != [key]:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"the body must be the manifest of {key[0]} {key[1]!r} alone")
    try:
        with state.database.writing() as session:
            done = editing.put(
                session, manifests[0], revision=seen or 0, actor=who.name, now=state.clock(), reason=reason
            )
            row = read.resource(session, *key)
            if row is None:
                raise _nothing(*key)
            declared = _declared(row)
    except ConflictError as error:
        raise _changed(error, seen) from None
    state.applied(done.kinds)
    return declared


@router.delete("/{kind}/{name}", summary="Remove one declared thing", status_code=HTTPStatus.NO_CONTENT)
def delete_one(
    state: State, who: Writer, kind: str, name: str, *, reason: Reason = None, if_match: IfMatch = None
) -> None:
    """Its history and the audit log keep it. 409 if something names it, 412 if it is not the revision of `If-Match`."""
    check_kind(kind)
    try:
        with state.database.writing() as session:
            found = editing.take_out(
                session, kind, name, revision=_seen(if_match), actor=who.name, now=state.clock(), reason=reason
            )
    except ConflictError as error:
        raise _changed(error, seen=1) from None
    except ManifestError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error.problems[0]), errors=as_errors(error.problems)) from None
    if not found:
        raise _nothing(kind, name)
    state.applied(frozenset({kind}))


def _seen(if_match: str | None) -> int | None:
    """The revision that a caller saw. Raises ``Problem`` 400."""
    if if_match is None:
        return None
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) < _DIGITS):
        raise Problem(HTTPStatus.BAD_REQUEST, 'If-Match must be the ETag of what you looked at, such as "3"')
    return int(digits)


def _changed(error: ConflictError, seen: int | None) -> Problem:
    headers = {"ETag": f'"{error.revision}"'} if error.revision else None
    if seen is None:
        sentence = f"{error}; look at it and send its ETag as If-Match"
        return Problem(HTTPStatus.PRECONDITION_REQUIRED, sentence, headers=headers)
    return Problem(HTTPStatus.PRECONDITION_FAILED, f"{error}; nothing was stored", headers=headers)


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
