"""Keeping evaluations, so that a link in a pull request leads to one, and a new policy can be tried on old questions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from policies.gate.answer import Answer, moment
from policies.gate.models import EvaluationDocument, StoredEvaluation

#: Longer than any roll-out, and than the 90 days on which a new policy is tried.
KEPT_DAYS = 180
_MOST_TURNS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked, and the id that it therefore has."""

    subject: str
    document: str
    context: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """SHA-256 of the document."""
        return hashlib.sha256(self.document.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def id(self) -> str:
        """Equal questions have equal ids."""
        facts = json.dumps([self.subject, self.hash, self.context], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def batch_id(questions: Sequence[Question]) -> str | None:
    """The id that questions of one call share; none where there is only one."""
    if len(questions) < 2:  # noqa: PLR2004  one alone is its own
        return None
    return hashlib.sha256(" ".join(one.id for one in questions).encode()).hexdigest()[:32]


def keep(
    session: Session,
    question: Question,
    answer: Answer,
    facts: Mapping[str, Any],
    *,
    batch: str | None,
    actor: str,
    now: datetime,
) -> StoredEvaluation:
    """Store an answer: a question that comes again keeps its id, and its answer is the latest."""
    turn = {"at": moment(now), "verdict": answer["verdict"], "by": actor}
    row = session.get(StoredEvaluation, question.id)
    if row is None:
        if session.get(EvaluationDocument, question.hash) is None:
            session.add(EvaluationDocument(hash=question.hash, text=question.document))
            session.flush()
        row = StoredEvaluation(
            id=question.id,
            subject=question.subject,
            document=question.hash,
            context=dict(question.context),
            history=[turn],
            asked=0,
            created_at=now,
        )
        session.add(row)
    elif row.verdict != answer["verdict"]:
        row.history = [*row.history, turn][-_MOST_TURNS:]
    row.batch = batch or row.batch
    row.format, row.verdict, row.version = answer["format"], answer["verdict"], answer["version"] or 0
    row.answer, row.facts = answer, dict(facts)
    row.asked, row.evaluated_at, row.evaluated_by = row.asked + 1, now, actor
    return row


def one(session: Session, ident: str) -> StoredEvaluation | None:
    """One evaluation."""
    return session.get(StoredEvaluation, ident)


def page(
    session: Session,
    *,
    subject: str | None = None,
    verdict: str | None = None,
    batch: str | None = None,
    before: tuple[datetime, str] | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> Sequence[StoredEvaluation]:
    """Evaluations, the latest first, at most ``limit``, from below (time, id)."""
    query = select(StoredEvaluation).order_by(StoredEvaluation.evaluated_at.desc(), StoredEvaluation.id.desc())
    for column, value in (
        (StoredEvaluation.subject, subject),
        (StoredEvaluation.verdict, verdict),
        (StoredEvaluation.batch, batch),
    ):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(StoredEvaluation.evaluated_at >= since)
    if before is not None:
        query = query.where(tuple_(StoredEvaluation.evaluated_at, StoredEvaluation.id) < tuple_(*before))
    return session.scalars(query.limit(limit)).all()


def counts(session: Session, since: datetime) -> dict[str, int]:
    """How many evaluations came to which verdict."""
    query = (
        select(StoredEvaluation.verdict, func.count())
        .where(StoredEvaluation.evaluated_at >= since)
        .group_by(StoredEvaluation.verdict)
    )
    return {str(verdict): int(count) for verdict, count in session.execute(query)}


def document(session: Session, digest: str) -> str:
    """The text of a document that was asked about."""
    return session.get_one(EvaluationDocument, digest).text


def forget(session: Session, now: datetime) -> int:
    """Delete what is past its time of keeping, and documents that nobody asks about any more; how many went."""
    gone = session.execute(
        delete(StoredEvaluation).where(StoredEvaluation.evaluated_at < now - timedelta(days=KEPT_DAYS))
    )
    used = select(StoredEvaluation.document)
    session.execute(delete(EvaluationDocument).where(EvaluationDocument.hash.not_in(used)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
