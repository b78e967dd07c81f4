"""The versions of a subject: documents, states, what refers to them, and what changed between two."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from controlplane.http.paging import Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from controlplane.http.problems import Problem
from controlplane.http.rest.schemas import Reader, Writer
from controlplane.http.subjects import subject_named, unreadable, version_numbered
from controlplane.http.wiring import State
from registry.catalogue import schema_changes
from registry.compat.changelog import changelog, changelog_outputs, render_changelog, version_of
from registry.compat.model import DocumentError, Format, Names, Report
from registry.compat.outputs.json import as_object
from registry.nearest import did_you_mean
from registry.schemas import states, versions
from registry.schemas.bundling.bundle import bundle
from registry.schemas.comparing import compared
from registry.schemas.judge import finder
from registry.schemas.models import SchemaState, SchemaVersion

router = APIRouter(prefix="/api/v1/schemas", tags=["Schemas"])
_HIGHEST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=_HIGHEST)]


class StateAbout(BaseModel):
    """In which state a version is, since when, by whom and why."""

    state: str
    since: datetime
    by: str
    reason: str | None


class VersionAbout(BaseModel):
    """A version without its document; ``hash`` tells contents apart, ``id`` is the number that serializers use."""

    subject: str
    version: int
    id: int | None
    format: str
    hash: str
    created_at: datetime
    created_by: str
    state: StateAbout


class ReferenceAbout(BaseModel):
    """Another version that the document names."""

    name: str
    subject: str
    version: int


class VersionUser(BaseModel):
    """A version that refers to this one."""

    subject: str
    version: int


class VersionDocument(VersionAbout):
    """A version with its document, what that refers to, and what refers to it."""

    definition: str
    references: list[ReferenceAbout]
    used_by: list[VersionUser]


class NewState(BaseModel):
    """The state that a version is to have, and why."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["active", "deprecated", "disabled"]
    reason: Annotated[str | None, Field(max_length=1000)] = None


def _about(session: Session, row: SchemaVersion, told: Mapping[int, SchemaState]) -> dict[str, Any]:
    state = told.get(row.version)
    since = StateAbout(state="active", since=row.created_at, by=row.created_by, reason=None)
    if state is not None:
        since = StateAbout(state=state.state, since=state.at, by=state.by, reason=state.reason)
    return {
        "subject": row.subject,
        "version": row.version,
        "id": versions.content_id(session, row.hash),
        "format": row.format,
        "hash": row.hash,
        "created_at": row.created_at,
        "created_by": row.created_by,
        "state": since,
    }


def _document(session: Session, row: SchemaVersion, text: str) -> VersionDocument:
    references = versions.references(session, row.subject, row.version)
    return VersionDocument(
        definition=text,
        references=[ReferenceAbout(name=one.name, subject=one.subject, version=one.version) for one in references],
        used_by=[
            VersionUser(subject=name, version=number)
            for name, number in states.used_by(session, row.subject, row.version)
        ],
        **_about(session, row, versions.states(session, row.subject, [row.version])),
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
        told = versions.states(session, manifest.name, [row.version for row in shown])
        items = [VersionAbout(**_about(session, row, told)) for row in shown]
        return Page(items=items, next_cursor=encode_cursor((last.version,)) if last else None)


@router.get("/{subject}/versions/{version}", summary="One version of a subject")
def get_version(
    state: State,
    _who: Reader,
    subject: str,
    version: Number,
    *,
    resolved: Annotated[bool, Query(description="With all that it refers to put into it.")] = False,
) -> VersionDocument:
    """With its document, which never changes."""
    with state.database.reading() as session:
        row = version_numbered(session, subject_named(session, subject).name, version)
        text = _whole(session, row) if resolved else row.text
        return _document(session, row, text)


@router.put("/{subject}/versions/{version}/state", summary="Publish, deprecate, disable or enable a version")
def put_state(state: State, who: Writer, subject: str, version: Number, wanted: NewState) -> VersionDocument:
    """A draft that becomes active comes into force, if it breaks nobody; a version that others refer to stays enabled.

    409 for a state that does not follow from the present one.
    """
    with state.database.writing() as session:
        manifest = subject_named(session, subject)
        row = version_numbered(session, manifest.name, version)
        try:
            changed = schema_changes.set_state(
                session, manifest, version, wanted.state, actor=who.name, now=state.clock(), reason=wanted.reason
            )
        except states.StateError as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None
        answer = _document(session, row, row.text)
    if changed:
        state.applied(frozenset({"Schema"}))
    return answer


def _whole(session: Session, row: SchemaVersion) -> str:
    references = versions.references(session, row.subject, row.version)
    try:
        return bundle(Format(row.format), row.text, references, finder(session))
    except DocumentError as error:
        raise unreadable(error) from error


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
    forms: Sequence[str] = ["json", *changelog_outputs()]
    if form not in forms:
        raise Problem(HTTPStatus.BAD_REQUEST, f"format can't be {form[:60]!r}{did_you_mean(form, forms)}")
    with state.database.reading() as session:
        manifest = subject_named(session, subject)
        to = newer or versions.latest(session, manifest.name)
        new = version_numbered(session, manifest.name, to)
        old = version_numbered(session, manifest.name, older or max(1, to - 1))
        try:
            report = compared(session, old, new, manifest.spec.mode, state.clock().date())
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
