"""Schemas by the number of their content, which is what serializers write before each message."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response

from controlplane.http.ccompat import finding
from controlplane.http.ccompat.documents import TYPES, given, identity, numbered, text
from controlplane.http.ccompat.routes.subjects import Form, Reader
from controlplane.http.wiring import State
from registry.schemas import subjects, versions

router = APIRouter()
_MOST = 1_000


@router.get("/schemas/types")
def list_types(_who: Reader) -> list[str]:
    """The formats that this door speaks."""
    return sorted(TYPES)


@router.get("/schemas")
def list_schemas(
    state: State,
    _who: Reader,
    *,
    prefix: Annotated[str, Query(alias="subjectPrefix", max_length=500)] = "",
    latest_only: Annotated[bool, Query(alias="latestOnly")] = False,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=-1)] = -1,
) -> list[dict[str, Any]]:
    """Versions with their documents, at most 1,000 at a time."""
    most = min(limit, _MOST) if limit > 0 else _MOST
    found: list[dict[str, Any]] = []
    skipped = 0
    with state.database.reading() as session:
        for name in finding.names(session, prefix=prefix.removeprefix(":*:")):
            row = finding.subject(session, name)
            for number in [row.current] if latest_only else finding.numbers(session, row):
                version = versions.one(session, row.name, number) if number else None
                if version is None or skipped < offset:
                    skipped += 1
                    continue
                if len(found) == most:
                    return found
                found.append(numbered(session, version))
    return found


@router.get("/schemas/ids/{number}")
def get_schema(state: State, _who: Reader, number: int, form: Form = None) -> dict[str, Any]:
    """A content, whatever became of the versions that have it: old messages must stay readable."""
    with state.database.reading() as session:
        row = finding.by_id(session, number)[0]
        return {"guid": identity(session, row)["guid"]} | given(session, row, form)


@router.get("/schemas/guids/{guid}")
def get_schema_by_guid(state: State, _who: Reader, guid: UUID, form: Form = None) -> dict[str, Any]:
    """The same by the UUID that any server gives the content."""
    with state.database.reading() as session:
        row = finding.by_guid(session, guid.hex)[0]
        return identity(session, row) | given(session, row, form)


@router.get("/schemas/ids/{number}/schema")
def get_text(state: State, _who: Reader, number: int, form: Form = None) -> Response:
    """Its text alone."""
    with state.database.reading() as session:
        row = finding.by_id(session, number)[0]
        return PlainTextResponse(text(row, form), media_type="application/json" if row.format != "protobuf" else None)


@router.get("/schemas/ids/{number}/subjects")
def get_subjects(state: State, _who: Reader, number: int, *, deleted: bool = False) -> list[str]:
    """The subjects that have it."""
    return sorted({one["subject"] for one in get_versions(state, _who, number, deleted=deleted)})


@router.get("/schemas/ids/{number}/versions")
def get_versions(state: State, _who: Reader, number: int, *, deleted: bool = False) -> list[dict[str, Any]]:
    """The subjects and versions that have it."""
    with state.database.reading() as session:
        rows = [(one, subjects.get(session, one.subject)) for one in finding.by_id(session, number)]
        return [
            {"subject": subject.alias, "version": row.version}
            for row, subject in rows
            if subject is not None and row.version in finding.numbers(session, subject, deleted=deleted)
        ]
