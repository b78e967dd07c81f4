"""What people do with reviews, for pages, REST, GraphQL and the command line alike.

Every change is one transaction under the audit log's lock and leaves an entry of kind ``Review`` whose ``before`` and
``after`` say the state, so that whoever reads the log learns of each change of it. The gate is asked outside of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policies.gate.keeping import Question
from policies.gate.service import Gate, UnknownSubjectError
from policies.reviews import assessing, reading, words
from policies.reviews.assessing import Assessed
from policies.reviews.deciding import ALIVE, VOTING, Decision, ReviewError, named, teams_of_vote
from policies.reviews.model import Summary
from policies.reviews.models import ReviewRemark, ReviewRevision, ReviewRow
from policies.reviews.needed import ARCHITECT, as_stored
from registry.access.apart import why_not_two
from registry.access.roles import Principal
from registry.audit import chain
from registry.catalogue.schema_changes import declared, register
from registry.compat.model import DocumentError, Format
from registry.manifests.problems import ManifestError
from registry.schemas import versions
from registry.schemas.content import canonical

KIND = "Review"


class UnknownReviewError(LookupError):
    """A number that no review has."""


class StaleReviewError(ReviewError):
    """The review was changed since whoever asks looked at it; ``mark`` is what it has now."""

    def __init__(self, ident: int, mark: int) -> None:
        super().__init__(f"review {ident} was changed meanwhile; look at it again")
        self.mark = mark


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something and when. ``match`` is the mark of the review that they looked at, if they say."""

    person: Principal
    now: datetime
    match: int | None = None

    @property
    def name(self) -> str:
        """As the audit log has it."""
        return self.person.name


def open_review(
    gate: Gate, who: Actor, *, subject: str, document: str, title: str, why: str = "", due: date | None = None
) -> int:
    """Propose a document in place of the one in force; the review's number.

    Raises:
        UnknownSubjectError: there is no such schema.
        DocumentError: the document can't be read.
        WordsError: title, reason or day can't be taken.
        ReviewError: it is what is in force already.
    """
    title, why = words.line(title, "the title"), words.several(why, "the reason")
    day = words.day(due, who.now.date())
    question = _question(subject, document)
    found = assessing.asked(gate, question, who.name, who.now)
    with gate.database.writing() as session:
        chain.lock(session)
        _changes_something(session, subject, document, found)
        row = ReviewRow(
            id=reading.next_id(session),
            subject=subject,
            title=title,
            why=why,
            author=who.name,
            due=day,
            state="open",
            revision=0,
            mark=0,
            published=None,
            created_at=who.now,
            changed_at=who.now,
        )
        session.add(row)
        session.flush()
        _propose(session, row, question, found, who, why)
        _record(session, row, who, "open", None, after=_of_document(question, found) | {"title": title}, reason=why)
        return row.id


def revise(gate: Gate, who: Actor, ident: int, *, revision: int, document: str, note: str = "") -> None:
    """Put another document in the place of the one proposed, or the same on top of what came into force meanwhile.

    Votes start anew; earlier ones stay visible. Raises as ``open_review`` does, and ``UnknownReviewError``.
    """
    note = words.several(note, "the note")
    subject = _subject(gate, ident)
    question = _question(subject, document)
    found = assessing.asked(gate, question, who.name, who.now)
    with _changing(gate, who, ident, revision) as (session, row, summary):
        _must_be(row, ALIVE, "be revised")
        _proposer(who, summary, "revise it")
        _changes_something(session, subject, document, found)
        last = session.get_one(ReviewRevision, (ident, row.revision))
        if last.text == document and last.base == found.base:
            raise ReviewError(f"revision {row.revision} of review {ident} is this very document")
        before = row.state
        row.state = "open"
        _propose(session, row, question, found, who, note)
        _record(session, row, who, "revise", before, after=_of_document(question, found), reason=note)


def comment(gate: Gate, who: Actor, ident: int, text: str) -> None:
    """Say something about it; also once it is over. Raises ``UnknownReviewError`` or ``WordsError``."""
    said = words.several(text, "the comment", needed=True)
    with _changing(gate, who, ident) as (session, row, _summary):
        number = _remark(session, row, who, said)
        _record(session, row, who, "comment", row.state, after={"comment": number})


def vote(
    gate: Gate, who: Actor, ident: int, *, revision: int, decision: Decision, team: str | None = None, reason: str = ""
) -> None:
    """Approve or refuse for one's teams (or for one that is named), or take one's word back.

    What the change hurts is looked at anew before. Raises ``UnknownReviewError``, ``WordsError`` or ``ReviewError``.
    """
    reason = words.several(reason, "the reason")
    assess(gate, who, ident, only_if_changed=True)
    with _changing(gate, who, ident, revision) as (session, row, summary):
        _must_be(row, VOTING, "be voted on")
        if decision == "take-back":
            teams = _own_words(summary, who.name, team)
        else:
            speaker = reading.voter(session, who.person)
            teams = teams_of_vote(speaker, summary.needs, summary.authors, team=team, decision=decision, reason=reason)
            if decision == "approve":
                _in_their_own_right(session, summary, who.name, teams)
            teams = _new_words(summary, who.name, decision, teams)
        before = row.state
        for one, standing_in in teams:
            _remark(session, row, who, reason, decision=decision, team=one, standing_in=standing_in)
        (after,) = reading.summaries(session, [row])
        row.state = after.outcome.state
        for place, (one, standing_in) in enumerate(teams):
            told = {"team": one or None, "standing_in": standing_in}
            _record(session, row, who, decision, before if not place else row.state, after=told, reason=reason)


def assess(gate: Gate, who: Actor, ident: int, *, only_if_changed: bool = False) -> None:
    """Judge the proposed document anew: by today's policies, waivers, traffic and owners.

    A base that is no longer in force makes it superseded. Raises ``UnknownReviewError``, and ``ReviewError`` where it is
    over or can't be judged.
    """
    with gate.database.reading() as session:
        row = _row(session, ident)
        if row.state not in ALIVE and only_if_changed:
            return
        _must_be(row, ALIVE, "be judged")
        held = session.get_one(ReviewRevision, (ident, row.revision))
    found = _looked_at(gate, row.subject, held.text, who.now)
    superseded = found.base != held.base
    same = as_stored(found.needs) == held.needs and found.answer["verdict"] == held.answer["verdict"]
    if only_if_changed and same and superseded == (row.state == "superseded"):
        return
    with _changing(gate, who, ident, row.revision) as (session, row, _summary):
        _must_be(row, ALIVE, "be judged")
        last = session.get_one(ReviewRevision, (ident, row.revision))
        before = row.state
        if superseded:
            row.state = "superseded"
        else:
            last.answer, last.needs, last.assessed_at = found.answer, as_stored(found.needs), who.now
            session.flush()
            (after,) = reading.summaries(session, [row])
            row.state = after.outcome.state
        told = {"verdict": found.answer["verdict"], "needs": [need.team or None for need in found.needs]}
        _record(session, row, who, "supersede" if superseded else "assess", before, after=told)


def publish(gate: Gate, who: Actor, ident: int, *, revision: int, reason: str = "") -> int:
    """Bring the approved document into force, as applying its manifest does; the version.

    Raises ``UnknownReviewError``, ``WordsError``, and ``ReviewError`` where it is not approved (any more), another version
    came into force meanwhile, or the schema's mode or a policy denies it and no waiver lets it pass.
    """
    reason = words.several(reason, "the reason")
    assess(gate, who, ident, only_if_changed=True)
    with _changing(gate, who, ident, revision) as (session, row, summary):
        if row.state != "approved":
            raise ReviewError(_not_approved(summary))
        last = session.get_one(ReviewRevision, (ident, row.revision))
        manifest = declared(session, row.subject)
        if manifest is None:
            raise ReviewError(f"the schema {row.subject} is not declared any more")
        current = versions.in_force(session, manifest)
        if (current.version if current else 0) != last.base:
            raise ReviewError(f"another version of {row.subject} came into force meanwhile; revise the review")
        why = reason or f"review {ident}: {row.title}"
        try:
            number = register(session, manifest, last.text, actor=who.name, now=who.now, reason=why)
        except ManifestError as error:
            more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
            raise ReviewError(f"it can't be published: {error.problems[0].message}{more}") from error
        row.state, row.published = "published", number
        _record(session, row, who, "publish", "approved", after={"version": number}, reason=why)
        _supersede(session, row, number, who)
        return number


def withdraw(gate: Gate, who: Actor, ident: int, reason: str = "") -> None:
    """End it without publication. Raises ``UnknownReviewError``, ``WordsError`` or ``ReviewError``."""
    reason = words.several(reason, "the reason")
    with _changing(gate, who, ident) as (session, row, summary):
        _must_be(row, ALIVE, "be withdrawn")
        _proposer(who, summary, "withdraw it")
        before, row.state = row.state, "withdrawn"
        _record(session, row, who, "withdraw", before, reason=reason)


def reschedule(gate: Gate, who: Actor, ident: int, due: date) -> None:
    """Let it be due on another day. Raises ``UnknownReviewError``, ``WordsError`` or ``ReviewError``."""
    day = words.day(due, who.now.date())
    with _changing(gate, who, ident) as (session, row, summary):
        _must_be(row, ALIVE, "be rescheduled")
        _proposer(who, summary, "reschedule it")
        was, row.due = row.due, day
        if was != day:
            _record(session, row, who, "reschedule", row.state, after={"was_due": was.isoformat()})


def _question(subject: str, document: str) -> Question:
    return Question(subject, document, {})


def _looked_at(gate: Gate, subject: str, text: str, now: datetime) -> Assessed:
    try:
        return assessing.looked_at(gate, _question(subject, text), now)
    except UnknownSubjectError:
        raise ReviewError(f"the schema {subject} is not declared any more") from None
    except DocumentError as error:
        raise ReviewError(f"the proposed document can't be judged any more: {error}") from error


def _subject(gate: Gate, ident: int) -> str:
    with gate.database.reading() as session:
        return _row(session, ident).subject


def _row(session: Session, ident: int) -> ReviewRow:
    row = reading.row(session, ident)
    if row is None:
        raise UnknownReviewError(f"there is no review {ident}")
    return row


@contextmanager
def _changing(
    gate: Gate, who: Actor, ident: int, revision: int | None = None
) -> Iterator[tuple[Session, ReviewRow, Summary]]:
    """The review held against other writers, if it still is what whoever asks looked at."""
    with gate.database.writing() as session:
        chain.lock(session)
        row = _row(session, ident)
        if (who.match is not None and who.match != row.mark) or (revision is not None and revision != row.revision):
            raise StaleReviewError(ident, row.mark)
        (summary,) = reading.summaries(session, [row])
        yield session, row, summary


def _must_be(row: ReviewRow, states: Collection[str], what: str) -> None:
    if row.state in states:
        return
    hint = "; revise it on top of the version that came into force meanwhile" if row.state == "superseded" else ""
    raise ReviewError(f"review {row.id} is {row.state}, so it can't {what}{hint}")


def _proposer(who: Actor, summary: Summary, what: str) -> None:
    if who.name not in summary.authors and not who.person.may("reviews:stand-in"):
        raise ReviewError(f"only {summary.author}, who proposed review {summary.id}, or an architect can {what}")


def _changes_something(session: Session, subject: str, document: str, found: Assessed) -> None:
    if not found.base:
        return
    current = versions.one(session, subject, found.base)
    of = Format(found.answer["format"])
    if current is not None and canonical(of, current.text) == canonical(of, document):
        raise ReviewError(f"this is version {found.base} of {subject} as it is in force; there is nothing to review")


def _propose(session: Session, row: ReviewRow, question: Question, found: Assessed, who: Actor, note: str) -> None:
    row.revision += 1
    session.add(
        ReviewRevision(
            review=row.id,
            number=row.revision,
            base=found.base,
            text=question.document,
            evaluation=question.id,
            answer=found.answer,
            needs=as_stored(found.needs),
            assessed_at=found.at,
            note=note,
            at=who.now,
            by=who.name,
        )
    )
    session.flush()


def _of_document(question: Question, found: Assessed) -> dict[str, Any]:
    return {
        "base": found.base or None,
        "sha256": hashlib.sha256(question.document.encode("utf-8", "surrogatepass")).hexdigest(),
        "verdict": found.answer["verdict"],
        "needs": [need.team or None for need in found.needs],
    }


def _remark(
    session: Session,
    row: ReviewRow,
    who: Actor,
    text: str,
    *,
    decision: str = "",
    team: str = "",
    standing_in: bool = False,
) -> int:
    last = session.scalar(select(func.max(ReviewRemark.number)).where(ReviewRemark.review == row.id)) or 0
    session.add(
        ReviewRemark(
            review=row.id,
            number=last + 1,
            revision=row.revision,
            person=who.name,
            decision=decision,
            team=team,
            standing_in=standing_in,
            text=text,
            at=who.now,
        )
    )
    session.flush()
    return last + 1


def _own_words(summary: Summary, name: str, team: str | None) -> list[tuple[str, bool]]:
    found = [
        (one.team, one.standing_in)
        for one in summary.outcome.standing
        if one.person == name and (team is None or one.team == team)
    ]
    if not found:
        raise ReviewError(f"{name} has no vote on revision {summary.revision} of review {summary.id} to take back")
    return found


def _in_their_own_right(session: Session, summary: Summary, name: str, teams: list[tuple[str, bool]]) -> None:
    """Nobody stands in, or speaks as an architect, for a change that may be theirs under another name."""
    if not any(standing_in or team == ARCHITECT for team, standing_in in teams) or name in summary.authors:
        return
    for author in sorted(summary.authors):
        if (why := why_not_two(session, author, name)) is not None:
            raise ReviewError(f"{author} proposed review {summary.id}, and {why}; somebody else has to approve it")


def _new_words(
    summary: Summary, name: str, decision: Decision, teams: list[tuple[str, bool]]
) -> list[tuple[str, bool]]:
    """Those of the teams for which somebody has not said the same already."""
    said = {one.team for one in summary.outcome.standing if one.person == name and one.decision == decision}
    found = [one for one in teams if one[0] not in said]
    if not found:
        past = {"approve": "approved", "refuse": "refused"}[decision]
        raise ReviewError(f"{name} {past} review {summary.id} for {', '.join(named(one) for one, _ in teams)} already")
    return found


def _not_approved(summary: Summary) -> str:
    head = f"review {summary.id} is {summary.state}, so it can't be published"
    came = summary.outcome
    if summary.state == "refused":
        return (
            f"{head}; {', '.join(sorted({one.person for one in came.standing if one.decision == 'refuse'}))} refused it"
        )
    if summary.state == "open" and came.alone:
        return f"{head}; nobody but those who proposed it agreed yet"
    if summary.state == "open":
        return f"{head}; the word of {', '.join(map(named, came.waiting))} is missing"
    return f"{head}; revise it on top of the version in force" if summary.state == "superseded" else head


def _supersede(session: Session, published: ReviewRow, number: int, who: Actor) -> None:
    """Other reviews of the subject rest on a version that is no longer in force."""
    for row in reading.alive_of(session, published.subject):
        if row.id != published.id and row.state != "superseded":
            before, row.state = row.state, "superseded"
            _record(session, row, who, "supersede", before, after={"by_review": published.id, "version": number})


def _record(
    session: Session,
    row: ReviewRow,
    who: Actor,
    action: str,
    before: str | None,
    *,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Count the change, and put it into the audit log: what everyone who listens to reviews reads."""
    row.mark, row.changed_at = row.mark + 1, who.now
    told = {"state": row.state, "subject": row.subject, "revision": row.revision, "due": row.due.isoformat()}
    chain.record(
        session,
        actor=who.name,
        action=action,
        kind=KIND,
        name=str(row.id),
        now=who.now,
        before=None if before is None else {"state": before},
        after=told | (after or {}),
        reason=reason or None,
    )
    session.flush()
