"""Asking the gate about a proposed document, and reading who owns what it touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from policies.gate.answer import answer_of
from policies.gate.keeping import Question
from policies.gate.service import Gate
from policies.reviews.needed import Need, Owners, needed
from registry.catalogue import read
from registry.catalogue.schema_changes import declared
from registry.kinds.sla import SLAManifest
from registry.kinds.system import SystemManifest
from registry.kinds.team import TeamManifest


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the gate says of a document at a moment, and who must therefore agree."""

    answer: dict[str, Any]
    needs: tuple[Need, ...]
    at: datetime

    @property
    def base(self) -> int:
        """The version that it was judged against; 0 where none is in force."""
        return self.answer["version"] or 0


def asked(gate: Gate, question: Question, actor: str, now: datetime) -> Assessed:
    """Judge a document and keep the answer, as a pipeline's question is kept.

    Raises:
        UnknownSubjectError: there is no such schema.
        DocumentError: the document can't be read.
    """
    (answer,) = gate.ask([question], actor, now)
    return _assessed(gate, question, answer, now)


def looked_at(gate: Gate, question: Question, now: datetime) -> Assessed:
    """The same as of now, and nothing is kept."""
    with gate.database.reading() as session:
        subject = gate.subject(session, question.subject)
        report = gate.report(session, subject, question, now.date())
        snapshot = gate.snapshot(session)
    found = answer_of(gate.judged(question, subject, report, snapshot, now), now)
    return _assessed(gate, question, found, now)


def _assessed(gate: Gate, question: Question, answer: dict[str, Any], now: datetime) -> Assessed:
    with gate.database.reading() as session:
        owners = owners_of(session, question.subject)
    return Assessed(answer, needed(answer, owners), now)


def owners_of(session: Session, subject: str) -> Owners:
    """Who owns what a change of a subject can touch."""
    manifest = declared(session, subject)
    return Owners(
        subject=manifest.metadata.owner if manifest else None,
        systems={one.name: one.metadata.owner for one in read.every(session, SystemManifest)},
        slas={one.name: one.metadata.owner for one in read.every(session, SLAManifest)},
        teams=frozenset(one.name for one in read.every(session, TeamManifest) if not one.spec.disbanded),
    )
