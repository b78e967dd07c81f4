"""Subjects and their versions: register, look up, read, take out of use."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import PlainTextResponse, Response

from controlplane.http.ccompat import finding
from controlplane.http.ccompat.access import Requires
from controlplane.http.ccompat.documents import SchemaIn, identity, numbered, referred, taken, text
from controlplane.http.ccompat.errors import NEVER_DELETED, SCHEMA_NOT_FOUND, DoorError, no_subject
from controlplane.http.ccompat.registering import register
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.audit import chain
from registry.catalogue.schema_changes import set_state
from registry.schemas import states, versions
from registry.schemas.content import content_hash
from registry.schemas.references import referred as implied

router = APIRouter()
Reader = Annotated[Principal, Depends(Requires("catalogue:read"))]
Writer = Annotated[Principal, Depends(Requires("catalogue:write"))]
Form = Annotated[str | None, Query(alias="format")]
_WHY = "deleted by a client of /ccompat"


@router.get("/subjects")
def list_subjects(
    state: State,
    _who: Reader,
    *,
    prefix: Annotated[str, Query(alias="subjectPrefix", max_length=500)] = "",
    deleted: bool = False,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: int = -1,
) -> list[str]:
    """The names of all subjects; ``:*:`` stands for all contexts, of which there is one."""
    with state.database.reading() as session:
        found = finding.names(session, prefix=prefix.removeprefix(":*:"), deleted=deleted)
    return found[offset : offset + limit if limit > 0 else None]


@router.get("/subjects/{subject:path}/versions")
def list_versions(
    state: State,
    _who: Reader,
    subject: str,
    *,
    deleted: bool = False,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: int = -1,
) -> list[int]:
    """Their numbers."""
    with state.database.reading() as session:
        found = finding.numbers(session, finding.subject(session, subject, deleted=deleted), deleted=deleted)
    return [*found[offset : offset + limit if limit > 0 else None]]


@router.post("/subjects/{subject:path}/versions")
def register_version(state: State, who: Writer, subject: str, body: Annotated[SchemaIn, Body()]) -> dict[str, Any]:
    """Register a schema; a subject that nobody knows becomes a schema in the catalogue."""
    if not subject.isprintable():
        raise no_subject(subject)
    with state.database.writing() as session:
        row = register(session, subject, body, actor=who.name, now=state.clock())
        # The schema itself is not repeated: clients keep what they sent.
        answer = identity(session, row) | {"version": row.version}
    state.applied(frozenset({"Schema"}))
    return answer


@router.get("/subjects/{subject:path}/versions/{version}")
def get_version(
    state: State, _who: Reader, subject: str, version: str, *, deleted: bool = False, form: Form = None
) -> dict[str, Any]:
    """One version, or the latest."""
    with state.database.reading() as session:
        return numbered(session, finding.version(session, subject, version, deleted=deleted), form)


@router.get("/subjects/{subject:path}/versions/{version}/schema")
def get_text(
    state: State, _who: Reader, subject: str, version: str, *, deleted: bool = False, form: Form = None
) -> Response:
    """Its text alone."""
    with state.database.reading() as session:
        row = finding.version(session, subject, version, deleted=deleted)
        return PlainTextResponse(text(row, form), media_type="application/json" if row.format != "protobuf" else None)


@router.get("/subjects/{subject:path}/versions/{version}/referencedby")
def get_users(state: State, _who: Reader, subject: str, version: str) -> list[int]:
    """The numbers of the contents that refer to it."""
    with state.database.reading() as session:
        row = finding.version(session, subject, version, deleted=True)
        found = (versions.one(session, *user) for user in states.used_by(session, row.subject, row.version))
        return sorted({versions.content_id(session, one.hash) or 0 for one in found if one is not None})


@router.delete("/subjects/{subject:path}/versions/{version}")
def delete_version(state: State, who: Writer, subject: str, version: str, *, permanent: bool = False) -> int:
    """Disable one version."""
    _refuse(permanent=permanent)
    with state.database.writing() as session:
        chain.lock(session)
        row = finding.version(session, subject, version)
        declared = finding.manifest(session, finding.subject(session, subject))
        set_state(session, declared, row.version, "disabled", actor=who.name, now=state.clock(), reason=_WHY)
    state.applied(frozenset({"Schema"}))
    return row.version


# These come last, since a subject's name may hold slashes: a Protobuf import is one.
@router.post("/subjects/{subject:path}")
def look_up(
    state: State, _who: Reader, subject: str, body: Annotated[SchemaIn, Body()], *, deleted: bool = False, form: Form = None
) -> dict[str, Any]:  # fmt: skip
    """Which version a schema is."""
    of, document = taken(body)
    with state.database.reading() as session:
        row = finding.subject(session, subject, deleted=deleted)
        references = implied(of, document, referred(session, body))
        found = versions.with_hash(session, row.name, content_hash(of, document, references))
        if found is None or found.version not in finding.numbers(session, row, deleted=deleted):
            raise DoorError(SCHEMA_NOT_FOUND, "Schema not found")
        return numbered(session, found, form)


@router.delete("/subjects/{subject:path}")
def delete_subject(state: State, who: Writer, subject: str, *, permanent: bool = False) -> list[int]:
    """Disable every version. Nothing is ever taken away for good."""
    _refuse(permanent=permanent)
    with state.database.writing() as session:
        chain.lock(session)
        row = finding.subject(session, subject)
        found = [*finding.numbers(session, row)]
        declared = finding.manifest(session, row)
        for number in reversed(found):
            set_state(session, declared, number, "disabled", actor=who.name, now=state.clock(), reason=_WHY)
    state.applied(frozenset({"Schema"}))
    return found


def _refuse(*, permanent: bool) -> None:
    if permanent:
        sentence = "versions are kept for ever: delete without permanent=true, which takes them out of use"
        raise DoorError(NEVER_DELETED, sentence)
