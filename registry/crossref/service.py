"""Making corrections, taking them back and reading them; every change has its entry in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.access import secret
from registry.audit import chain
from registry.catalogue import read
from registry.crossref.check import ACTIONS, Action, CorrectionError, Id, Statement, check, check_reason
from registry.crossref.models import Correction
from registry.kinds.workflow import WorkflowManifest
from registry.nearest import nearest

_KIND = "Correction"


def add(
    session: Session, workflow: str, new: Iterable[Statement], *, reason: str, actor: str, now: datetime
) -> list[Correction]:
    """Put something right, by one statement or several that belong together.

    Raises:
        CorrectionError: the workflow does not exist or a statement makes no sense in it.
        ConflictError: it is there already, or another says the opposite.
    """
    chain.lock(session)
    types = _key_types(session, workflow)
    told = check_reason(reason)
    rows = []
    for statement in new:
        check(workflow, types, statement, [statement_of(row) for row in standing(session, workflow)])
        rows.append(_row(workflow, statement, told, actor, now))
        session.add(rows[-1])
        session.flush()
        chain.record(
            session,
            actor=actor,
            action="create",
            kind=_KIND,
            name=rows[-1].id,
            now=now,
            after=document(rows[-1]),
            reason=told,
        )
    return rows


def remove(
    session: Session, workflow: str, ident: str, *, actor: str, now: datetime, reason: str | None = None
) -> Correction:
    """Take a correction back; what events say counts again. Raises ``CorrectionError`` if there is none."""
    chain.lock(session)
    row = get(session, workflow, ident)
    if row is None:
        raise CorrectionError(f"workflow {workflow!r} has no correction {ident!r} (any more)")
    row.removed_at, row.removed_by = now, actor
    chain.record(
        session, actor=actor, action="delete", kind=_KIND, name=row.id, now=now, before=document(row), reason=reason
    )
    return row


def get(session: Session, workflow: str, ident: str) -> Correction | None:
    """A correction that stands."""
    row = session.get(Correction, ident)
    return row if row is not None and row.workflow == workflow and row.removed_at is None else None


def standing(session: Session, workflow: str | None = None) -> Sequence[Correction]:
    """The corrections that stand, of a workflow or of all, the oldest first."""
    query = select(Correction).where(Correction.removed_at.is_(None))
    if workflow is not None:
        query = query.where(Correction.workflow == workflow)
    return session.scalars(query.order_by(Correction.created_at, Correction.id)).all()


def taken_back(session: Session) -> Sequence[Correction]:
    """The corrections that were taken back, of all workflows."""
    query = select(Correction).where(Correction.removed_at.is_not(None))
    return session.scalars(query.order_by(Correction.removed_at, Correction.id)).all()


def statement_of(row: Correction) -> Statement:
    """What a correction says."""
    return Statement(_action(row.action), Id(row.key_type, row.key_value), Id(row.other_type, row.other_value))


def document(row: Correction) -> dict[str, str]:
    """What it says as plain JSON, for the audit log."""
    said = statement_of(row)
    return {"workflow": row.workflow, "action": said.action, "key": str(said.key), "other": str(said.other)}


def _action(text: str) -> Action:
    return next(action for action in ACTIONS if action == text)


def _row(workflow: str, new: Statement, reason: str, actor: str, now: datetime) -> Correction:
    return Correction(
        id=secret.new_id(),
        workflow=workflow,
        action=new.action,
        key_type=new.key.type,
        key_value=new.key.value,
        other_type=new.other.type,
        other_value=new.other.value,
        reason=reason,
        created_at=now,
        created_by=actor,
    )


def _key_types(session: Session, workflow: str) -> dict[str, bool]:
    """Key type -> whether it joins."""
    manifest = read.get(session, "Workflow", workflow)
    if not isinstance(manifest, WorkflowManifest):
        guess = nearest(workflow, read.names(session, "Workflow"))
        raise CorrectionError(f"there is no workflow {workflow!r}" + (f"; did you mean {guess}?" if guess else ""))
    return {key.type: key.joins for key in manifest.spec.keys}
