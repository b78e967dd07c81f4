"""Reading reviews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from policies.reviews.deciding import ALIVE, VOTING, Decision, State, Vote, Voter, memberships
from policies.reviews.model import SOON_DAYS, Remark, Review, Revision, Summary
from policies.reviews.models import ReviewRemark, ReviewRevision, ReviewRow
from policies.reviews.needed import from_stored
from registry.access.apart import why_not_two
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.team import TeamManifest
from registry.schemas import versions

Due = Literal["overdue", "soon"]
_HIGHEST = 2**31 - 1
# SQLite takes a limited number of parameters.
_AT_ONCE = 500


def voter(session: Session, person: Principal) -> Voter:
    """What somebody may say in reviews, by the teams' manifests as they are now."""
    members = {team.name: team.spec.members for team in read.every(session, TeamManifest) if not team.spec.disbanded}
    return Voter(person.name, memberships(members, person.name), person.may("reviews:stand-in"))


def row(session: Session, ident: int) -> ReviewRow | None:
    """The row of a review."""
    return session.get(ReviewRow, ident) if 0 < ident <= _HIGHEST else None


def review(session: Session, ident: int) -> Review | None:
    """All of a review."""
    found = row(session, ident)
    if found is None:
        return None
    (summary,) = summaries(session, [found])
    revisions = session.scalars(
        select(ReviewRevision).where(ReviewRevision.review == ident).order_by(ReviewRevision.number)
    ).all()
    remarks = session.scalars(select(ReviewRemark).where(ReviewRemark.review == ident).order_by(ReviewRemark.number))
    base = versions.one(session, found.subject, revisions[-1].base)
    return Review(
        summary,
        found.why,
        base.text if base else "",
        [_revision(one) for one in revisions],
        [_remark(one) for one in remarks],
    )


def page(
    session: Session,
    today: date,
    *,
    states: Iterable[State] = (),
    subject: str | None = None,
    author: str | None = None,
    due: Due | None = None,
    after: tuple[date, int] | None = None,
    limit: int | None = 50,
) -> list[Summary]:
    """Reviews by the day on which they are due, then by number; at most ``limit``, from behind (day, number)."""
    query = select(ReviewRow).order_by(ReviewRow.due, ReviewRow.id)
    wanted = list(states)
    if wanted:
        query = query.where(ReviewRow.state.in_(wanted))
    if subject is not None:
        query = query.where(ReviewRow.subject == subject)
    if author is not None:
        query = query.where(ReviewRow.author == author)
    if due is not None:
        query = query.where(ReviewRow.state.in_(sorted(ALIVE)))
        between = (ReviewRow.due >= today) & (ReviewRow.due <= today + timedelta(days=SOON_DAYS))
        query = query.where(ReviewRow.due < today if due == "overdue" else between)
    if after is not None:
        day, number = after
        query = query.where(or_(ReviewRow.due > day, (ReviewRow.due == day) & (ReviewRow.id > number)))
    if limit is not None:
        query = query.limit(limit)
    return summaries(session, session.scalars(query).all())


def waiting_for(session: Session, speaker: Voter, today: date, *, subject: str | None = None) -> list[Summary]:
    """The reviews in which somebody's word is missing, what is due first coming first."""
    found = page(session, today, states=["open"], subject=subject, limit=None)
    return [one for one in found if one.waits_for(speaker)]


def decided(session: Session, *, subject: str | None = None, limit: int) -> list[Summary]:
    """What was published or withdrawn, the latest first."""
    query = select(ReviewRow).where(ReviewRow.state.not_in(sorted(ALIVE)))
    if subject is not None:
        query = query.where(ReviewRow.subject == subject)
    query = query.order_by(ReviewRow.changed_at.desc(), ReviewRow.id.desc()).limit(limit)
    return summaries(session, session.scalars(query).all())


def alive_of(session: Session, subject: str) -> Sequence[ReviewRow]:
    """The rows of a subject's reviews that are not over."""
    query = select(ReviewRow).where(ReviewRow.subject == subject, ReviewRow.state.in_(sorted(ALIVE)))
    return session.scalars(query.order_by(ReviewRow.id)).all()


def next_id(session: Session) -> int:
    """The number of the next review."""
    return (session.scalar(select(func.max(ReviewRow.id))) or 0) + 1


def summaries(session: Session, rows: Sequence[ReviewRow]) -> list[Summary]:
    """Rows with what lists show of their documents and votes."""
    return [one for start in range(0, len(rows), _AT_ONCE) for one in _several(session, rows[start : start + _AT_ONCE])]


def _several(session: Session, rows: Sequence[ReviewRow]) -> list[Summary]:
    idents = [one.id for one in rows]
    columns = (
        ReviewRevision.review,
        ReviewRevision.number,
        ReviewRevision.by,
        ReviewRevision.base,
        ReviewRevision.needs,
        ReviewRevision.answer["verdict"].as_string(),
    )
    authors: dict[int, set[str]] = {one.id: {one.author} for one in rows}
    present: dict[int, tuple[int, tuple[object, ...]]] = {}
    chosen = select(*columns).where(ReviewRevision.review.in_(idents)).order_by(ReviewRevision.number)
    for ident, number, by, *rest in session.execute(chosen):
        authors[ident].add(by)
        present[ident] = (number, tuple(rest))
    votes: dict[int, list[Vote]] = {one.id: [] for one in rows}
    said = select(ReviewRemark).where(ReviewRemark.review.in_(idents), ReviewRemark.decision != "")
    for remark in session.scalars(said.order_by(ReviewRemark.review, ReviewRemark.number)):
        votes[remark.review].append(_vote(remark))
    known: dict[tuple[str, str], bool] = {}
    return [
        _summary(
            one,
            present[one.id][1],
            votes[one.id],
            authors[one.id],
            _alike(session, authors[one.id], votes[one.id], known) if one.state in VOTING else set(),
        )
        for one in rows
    ]


def _alike(session: Session, authors: set[str], votes: Sequence[Vote], known: dict[tuple[str, str], bool]) -> set[str]:
    """Who approved and may be one of the authors: let in by them, or the other way round."""
    found: set[str] = set()
    for person in {vote.person for vote in votes if vote.decision == "approve"} - authors:
        for author in authors:
            if (author, person) not in known:
                known[author, person] = why_not_two(session, author, person) is not None
            if known[author, person]:
                found.add(person)
    return found


def _summary(
    row: ReviewRow, present: tuple[object, ...], votes: Sequence[Vote], authors: set[str], alike: set[str]
) -> Summary:
    base, needs, verdict = present
    return Summary(
        id=row.id,
        subject=row.subject,
        title=row.title,
        author=row.author,
        due=row.due,
        state=cast("State", row.state),
        revision=row.revision,
        base=cast("int", base),
        verdict=str(verdict),
        published=row.published,
        needs=from_stored(cast("list[dict[str, object]]", needs)),
        votes=tuple(votes),
        authors=frozenset(authors),
        alike=frozenset(alike),
        mark=row.mark,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def _vote(row: ReviewRemark) -> Vote:
    return Vote(row.revision, row.team, row.person, cast("Decision", row.decision), row.text, row.standing_in, row.at)


def _revision(row: ReviewRevision) -> Revision:
    return Revision(
        number=row.number,
        base=row.base,
        text=row.text,
        evaluation=row.evaluation,
        answer=row.answer,
        needs=from_stored(row.needs),
        assessed_at=row.assessed_at,
        note=row.note,
        at=row.at,
        by=row.by,
    )


def _remark(row: ReviewRemark) -> Remark:
    return Remark(
        number=row.number,
        revision=row.revision,
        person=row.person,
        decision=row.decision,
        team=row.team,
        standing_in=row.standing_in,
        text=row.text,
        at=row.at,
    )
