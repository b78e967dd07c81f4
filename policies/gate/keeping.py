"""Keeping evaluations, so that a link in a pull request leads to one, and a new policy can be tried on old questions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from policies.gate.answer import Answer, moment
from policies.gate.models import EvaluationDocument, StoredEvaluation
from registry.database import Base

#: Longer than any roll-out, and than the 90 days on which a new policy is tried.
KEPT_DAYS = 180
_MOST_TURNS = 20

_EVALUATIONS, _DOCUMENTS = (Base.metadata.tables[name] for name in ("evaluation", "evaluation_document"))
_KNOWN = select(_EVALUATIONS.c.verdict, _EVALUATIONS.c.history, _EVALUATIONS.c.asked).where(
    _EVALUATIONS.c.id == bindparam("known")
)
_DOCUMENT = select(_DOCUMENTS.c.hash).where(_DOCUMENTS.c.hash == bindparam("known"))


@dataclass(frozen=True)
class Question:
    """What somebody asked, and the id that it therefore has."""

    subject: str
    document: str
    context: Mapping[str, Any]

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the document."""
        return hashlib.sha256(self.document.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
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
) -> None:
    """Store an answer: a question that comes again keeps its id, and its answer is the latest."""
    ident, digest = question.id, question.hash
    turn = {"at": moment(now), "verdict": answer["verdict"], "by": actor}
    told = {
        "format": answer["format"],
        "verdict": answer["verdict"],
        "version": answer["version"] or 0,
        "answer": answer,
        "facts": dict(facts),
        "evaluated_at": now,
        "evaluated_by": actor,
    }
    # Tables and not entities: a pipeline waits, and what was just written is not read again.
    connection = session.connection()
    known = connection.execute(_KNOWN, {"known": ident}).one_or_none()
    if known is not None:
        turned = {"history": [*known.history, turn][-_MOST_TURNS:]} if known.verdict != answer["verdict"] else {}
        belongs = {"batch": batch} if batch is not None else {}
        connection.execute(
            update(_EVALUATIONS).where(_EVALUATIONS.c.id == ident),
            {**told, **turned, **belongs, "asked": known.asked + 1},
        )
        return
    if connection.execute(_DOCUMENT, {"known": digest}).one_or_none() is None:
        connection.execute(insert(_DOCUMENTS), {"hash": digest, "text": question.document})
    connection.execute(
        insert(_EVALUATIONS),
        {
            **told,
            "id": ident,
            "batch": batch,
            "subject": question.subject,
            "document": digest,
            "context": dict(question.context),
            "history": [turn],
            "asked": 1,
            "created_at": now,
        },
    )


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
