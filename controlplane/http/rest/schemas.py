"""Subjects, their versions, and what changed between two of them."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel

from controlplane.http.auth import requires
from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.subjects import subject_named, unreadable, version_numbered
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.catalogue import subjects
from registry.compat.changelog import changelog, changelog_outputs, render_changelog, version_of
from registry.compat.engine import check
from registry.compat.model import DocumentError, Format, Names, Options, Report
from registry.compat.outputs.json import as_object
from registry.nearest import did_you_mean
from registry.schemas import versions
from registry.schemas.models import SchemaVersion

router = APIRouter(prefix="/api/v1/schemas", tags=["Schemas"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
_HIGHEST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=_HIGHEST)]


class SubjectAbout(BaseModel):
    """What a subject is, and how many versions it has had."""

    name: str
    title: str | None
    owner: str | None
    format: str
    compatibility: str
    versions: int


class ListedSubject(SubjectAbout):
    """A subject in a list."""

    updated_at: datetime


class DeclaredSubject(SubjectAbout):
    """A subject with its document; ``version`` is the one in force."""

    version: int | None
    definition: str


class VersionAbout(BaseModel):
    """A version without its document; ``hash`` is the SHA-256 of its text."""

    subject: str
    version: int
    format: str
    hash: str
    created_at: datetime
    created_by: str


class VersionDocument(VersionAbout):
    """A version with its document."""

    definition: str


@router.get("", summary="Every subject")
def list_subjects(
    state: State,
    _who: Reader,
    q: Annotated[str | None, Query(max_length=100, description="A part of the name.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedSubject]:
    """By name."""
    after = decode_cursor(cursor, (str,))
    with state.database.reading() as session:
        rows = subjects.page(session, search=q, after=str(after[0]) if after else None, limit=limit + 1)
    shown, last = cut(rows, limit)
    items = [ListedSubject.model_validate(row, from_attributes=True) for row in shown]
    return Page(items=items, next_cursor=encode_cursor((last.name,)) if last else None)


@router.get("/{subject}", summary="One subject")
def get_subject(state: State, _who: Reader, subject: str) -> DeclaredSubject:
    """With the document in force."""
    with state.database.reading() as session:
        manifest = subject_named(session, subject)
        current = versions.in_force(session, manifest)
        return DeclaredSubject(
            name=manifest.name,
            title=manifest.metadata.title,
            owner=manifest.metadata.owner,
            format=manifest.spec.format,
            compatibility=manifest.spec.compatibility,
            versions=versions.latest(session, manifest.name),
            version=current.version if current else None,
            definition=manifest.spec.text,
        )


@router.get("/{subject}/versions", summary="The versions of a subject")
def list_versions(
    state: State, _who: Reader, subject: str, limit: Limit = 50, cursor: Cursor = None
) -> Page[VersionAbout]:
    """Newest first."""
    before = decode_cursor(cursor, (int,))
    with state.database.reading() as session:
        manifest = subject_named(session, subject)
        rows = versions.page(session, manifest.name, before=int(before[0]) if before else None, limit=limit + 1)
        shown, last = cut(rows, limit)
        items = [VersionAbout.model_validate(row, from_attributes=True) for row in shown]
        return Page(items=items, next_cursor=encode_cursor((last.version,)) if last else None)


@router.get("/{subject}/versions/{version}", summary="One version of a subject")
def get_version(state: State, _who: Reader, subject: str, version: Number) -> VersionDocument:
    """With its document, which never changes."""
    with state.database.reading() as session:
        row = version_numbered(session, subject_named(session, subject).name, version)
        about = VersionAbout.model_validate(row, from_attributes=True)
        return VersionDocument(definition=row.text, **about.model_dump())


@router.get(
    "/{subject}/changes",
    summary="What changed between two versions",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/markdown": {}, "text/html": {}}}},
)
def get_changes(
    state: State,
    _who: Reader,
    subject: str,
    older: Annotated[
        int | None, Query(alias="from", ge=1, le=_HIGHEST, description="By default the one before.")
    ] = None,
    newer: Annotated[int | None, Query(alias="to", ge=1, le=_HIGHEST, description="By default the latest.")] = None,
    form: Annotated[str, Query(alias="format", description="json, markdown or html.")] = "json",
) -> Response:
    """What it does to those who rely on the older one, by the subject's own mode; Markdown and HTML are a changelog."""
    forms = ["json", *changelog_outputs()]
    if form not in forms:
        raise Problem(HTTPStatus.BAD_REQUEST, f"format can't be {form[:60]!r}{did_you_mean(form, forms)}")
    with state.database.reading() as session:
        manifest = subject_named(session, subject)
        to = newer or versions.latest(session, manifest.name)
        new = version_numbered(session, manifest.name, to)
        old = version_numbered(session, manifest.name, older or max(1, to - 1))
    options = Options(as_of=state.clock().date())
    try:
        report = check(Format(new.format), old.text, new.text, mode=manifest.spec.mode, options=options)
    except DocumentError as error:
        raise unreadable(error) from error
    return _written(report, old, new, form)


def _written(report: Report, old: SchemaVersion, new: SchemaVersion, form: str) -> Response:
    if form == "json":
        about: dict[str, Any] = {"subject": new.subject, "from": old.version, "to": new.version}
        return JSONResponse(about | as_object(report))
    names = Names(f"{old.subject} version {old.version}", f"{new.subject} version {new.version}")
    text = render_changelog(changelog(report, names, version=version_of(report.format, old.text)), form)
    if form == "html":
        return HTMLResponse(text)
    return PlainTextResponse(text + "\n", media_type=f"text/{form}")
