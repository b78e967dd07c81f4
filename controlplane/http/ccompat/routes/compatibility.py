"""Whether a schema could be registered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from sqlalchemy.orm import Session

from controlplane.http.ccompat import finding
from controlplane.http.ccompat.access import Requires
from controlplane.http.ccompat.documents import SchemaIn, referred, taken
from controlplane.http.ccompat.errors import INVALID_SCHEMA, DoorError, no_subject
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.compat.model import Level, Report
from registry.schemas import subjects, versions
from registry.schemas.bundling.bundle import bundle
from registry.schemas.judge import finder, judge, propose, registered

router = APIRouter(prefix="/compatibility")
Asker = Annotated[Principal, Depends(Requires("policies:evaluate"))]


@router.post("/subjects/{subject:path}/versions/{version}")
def check_one(
    state: State, _who: Asker, subject: str, version: str, body: Annotated[SchemaIn, Body()], *, verbose: bool = False
) -> dict[str, Any]:
    """Against one version, by the subject's own mode."""
    with state.database.reading() as session:
        row = finding.version(session, subject, version)
        known = versions.known(session, row.subject, row.version)
        if known is None:
            raise no_subject(subject)
        old = bundle(known.format, known.text, known.references, finder(session))
        report = _judged(state, session, subject, body, [old])
    return _answer(report, verbose=verbose)


@router.post("/subjects/{subject:path}/versions")
def check_all(
    state: State, _who: Asker, subject: str, body: Annotated[SchemaIn, Body()], *, verbose: bool = False
) -> dict[str, Any]:
    """Against what the subject's mode asks for; a subject that nobody knows takes anything that can be read."""
    of, text = taken(body)
    with state.database.reading() as session:
        if subjects.by_alias(session, subject) is None:
            propose(of, text, referred(session, body), finder(session), state.clock().date())
            return _answer(None, verbose=verbose)
        report = _judged(state, session, subject, body, None)
    return _answer(report, verbose=verbose)


def _judged(state: AppState, session: Session, subject: str, body: SchemaIn, documents: Sequence[str] | None) -> Report:
    today = state.clock().date()
    of, text = taken(body)
    manifest = finding.manifest(session, finding.subject(session, subject))
    if manifest.spec.format != of:
        raise DoorError(INVALID_SCHEMA, f"{subject:path} is kept in {manifest.spec.format}, not in {of}")
    proposed = propose(of, text, referred(session, body), finder(session), today)
    before = registered(session, manifest)
    return judge(before if documents is None else replace(before, documents=documents), proposed, today)


def _answer(report: Report | None, *, verbose: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"is_compatible": report is None or report.compatible}
    if verbose:
        changes = report.changes if report else ()
        answer["messages"] = [
            f"{change.rule} at {change.path or 'the root'}: {change.message} {change.hint}".rstrip()
            for change in changes
            if change.level is Level.BREAKING
        ]
    return answer
