"""Subjects: what they are, the document in force, and a new document in its place."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.subjects import subject_named
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.catalogue import schema_changes
from registry.compat.model import Format
from registry.nearest import did_you_mean
from registry.schemas import subjects, versions
from registry.schemas.models import SchemaSubject

router = APIRouter(prefix="/api/v1/schemas", tags=["Schemas"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Writer = Annotated[Principal, Depends(requires("catalogue:write"))]
Reason = Annotated[str | None, Query(max_length=1000, description="Why, for the audit log.")]


class ListedSubject(BaseModel):
    """What a subject is, how many versions it has had, and which of them is in force (none of a draft alone).

    ``subject`` is the name by which Confluent's clients know it.
    """

    name: str
    subject: str
    title: str | None
    owner: str | None
    format: str
    compatibility: str
    versions: int
    version: int | None
    updated_at: datetime


class DeclaredSubject(ListedSubject):
    """A subject with the document that its manifest has."""

    definition: str


class Registered(BaseModel):
    """Which version a document is, and whether it was registered just now."""

    subject: str
    version: int
    created: bool


def _listed(row: SchemaSubject) -> ListedSubject:
    return ListedSubject(
        name=row.name,
        subject=row.alias,
        title=row.title,
        owner=row.owner,
        format=row.format,
        compatibility=row.compatibility,
        versions=row.versions,
        version=row.current,
        updated_at=row.updated_at,
    )


@router.get("", summary="Every subject")
def list_subjects(
    state: State,
    _who: Reader,
    q: Annotated[str | None, Query(max_length=100, description="Words of its names or its owner.")] = None,
    format: Annotated[str | None, Query(max_length=20, description="The format of its documents.")] = None,  # noqa: A002  the field's own name
    owner: Annotated[str | None, Query(max_length=100, description="The team that owns it.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedSubject]:
    """By name."""
    if format and format not in set(Format):
        raise Problem(HTTPStatus.BAD_REQUEST, f"there is no format {format!r}{did_you_mean(format, Format)}")
    after = decode_cursor(cursor, (str,))
    behind = str(after[0]) if after else None
    with state.database.reading() as session:
        rows = subjects.page(session, search=q, format=format, owner=owner, after=behind, limit=limit + 1)
        shown, last = cut(rows, limit)
        items = [_listed(row) for row in shown]
    return Page(items=items, next_cursor=encode_cursor((last.name,)) if last else None)


@router.get("/{subject}", summary="One subject")
def get_subject(state: State, _who: Reader, subject: str) -> DeclaredSubject:
    """With the document of its manifest, which is the one in force unless it is a draft or disabled."""
    with state.database.reading() as session:
        manifest = subject_named(session, subject)
        row = subjects.get(session, manifest.name)
        if row is None:
            raise AssertionError("a declared schema is in the lists")
        return DeclaredSubject(definition=manifest.spec.text, **_listed(row).model_dump())


@router.post(
    "/{subject}/versions",
    summary="Register a document",
    status_code=HTTPStatus.CREATED,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The document's text as it is.",
            "content": {"application/json": {"schema": {}}, "application/yaml": {"schema": {}}, "text/plain": {"schema": {}}},
        },
    },
)  # fmt: skip
async def register_document(
    request: Request,
    state: State,
    who: Writer,
    subject: str,
    *,
    draft: Annotated[bool, Query(description="Register it without putting it in force.")] = False,
    reason: Reason = None,
) -> Registered:
    """Put it in the place of the subject's present one, as an apply of the changed manifest would.

    The same content is the version that it was. 422 says what is wrong or would break. At most 16 MiB.
    """
    body = await request.body()
    done = await run_in_threadpool(_register, state, subject, body, who.name, draft=draft, reason=reason)
    await run_in_threadpool(state.applied, frozenset({"Schema"}))
    return done


def _register(state: AppState, subject: str, body: bytes, actor: str, *, draft: bool, reason: str | None) -> Registered:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Problem(HTTPStatus.BAD_REQUEST, f"line {line} of the body is not UTF-8 text") from None
    if "\x00" in text:
        raise Problem(HTTPStatus.BAD_REQUEST, "the body holds the character NUL")
    with state.database.writing() as session:
        manifest = subject_named(session, subject)
        before = versions.latest(session, manifest.name)
        number = schema_changes.register(
            session, manifest, text, actor=actor, now=state.clock(), draft=draft, reason=reason
        )
        return Registered(subject=manifest.name, version=number, created=number > before)
