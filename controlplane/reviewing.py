"""Reviews as values for REST and GraphQL, and what goes wrong with them as problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from typing import Any

from controlplane.http.problems import Problem
from controlplane.http.subjects import subject_named, unreadable
from controlplane.state import AppState
from policies.gate.service import UnknownSubjectError
from policies.reviews import reading
from policies.reviews.deciding import ReviewError, State
from policies.reviews.model import Review, Summary
from policies.reviews.reading import Due
from policies.reviews.service import Actor, StaleReviewError, UnknownReviewError
from policies.reviews.words import WordsError
from registry.access.roles import Principal
from registry.compat.model import DocumentError


def listed(
    state: AppState,
    who: Principal,
    *,
    states: Sequence[State] = (),
    subject: str | None = None,
    waiting: bool = False,
    proposed: bool = False,
    due: Due | None = None,
    after: tuple[date, int] | None = None,
    limit: int,
) -> list[Summary]:
    """Reviews by the day on which they are due; ``waiting`` for this person's word, or ``proposed`` by them."""
    today = state.clock().date()
    author = who.name if proposed else None
    with state.database.reading() as session:
        if not waiting:
            return reading.page(
                session, today, states=states, subject=subject, author=author, due=due, after=after, limit=limit
            )
        found = reading.waiting_for(session, reading.voter(session, who), today, subject=subject)
    return [
        one
        for one in found
        if (after is None or (one.due, one.id) > after)
        and (not states or one.state in states)
        and (due is None or (one.overdue(today) if due == "overdue" else one.due_soon(today)))
        and (author is None or one.author == author)
    ][:limit]


def one(state: AppState, ident: int) -> Review:
    """One review. Raises ``Problem`` 404."""
    with state.database.reading() as session:
        found = reading.review(session, ident)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no review {ident}; list them with GET /api/v1/reviews")
    return found


@contextmanager
def told(state: AppState, actor: Actor | None = None) -> Iterator[None]:
    """What goes wrong inside as problems: 404, 409, 412 where an ``If-Match`` does not hold, 422."""
    try:
        yield
    except UnknownSubjectError as error:
        with state.database.reading() as session:
            subject_named(session, str(error))
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no schema {error!s}") from error
    except UnknownReviewError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
    except StaleReviewError as error:
        stale = actor is not None and actor.match is not None and actor.match != error.mark
        status = HTTPStatus.PRECONDITION_FAILED if stale else HTTPStatus.CONFLICT
        raise Problem(status, str(error), headers={"ETag": f'"{error.mark}"'}) from error
    except ReviewError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from error
    except WordsError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    except DocumentError as error:
        raise unreadable(error) from error


def summary(one: Summary, today: date) -> dict[str, Any]:
    """A review as lists tell it; a team that is null is an architect's word."""
    came = one.outcome
    return {
        "id": one.id,
        "subject": one.subject,
        "title": one.title,
        "author": one.author,
        "state": one.state,
        "due": one.due,
        "overdue": one.overdue(today),
        "revision": one.revision,
        "base": one.base or None,
        "verdict": one.verdict,
        "published": one.published,
        "needs": [
            {
                "team": need.team or None,
                "because": list(need.because),
                "approved_by": [v.person for v in came.standing if v.team == need.team and v.decision == "approve"],
                "refused_by": [v.person for v in came.standing if v.team == need.team and v.decision == "refuse"],
            }
            for need in one.needs
        ],
        "needs_another_person": one.state == "open" and came.alone,
        "created_at": one.created_at,
        "changed_at": one.changed_at,
    }


def detail(found: Review, today: date) -> dict[str, Any]:
    """All of a review."""
    return summary(found.summary, today) | {
        "why": found.why,
        "document": found.revision.text,
        "answer": dict(found.revision.answer),
        "assessed_at": found.revision.assessed_at,
        "revisions": [
            {
                "number": each.number,
                "base": each.base or None,
                "evaluation": each.evaluation,
                "verdict": each.answer["verdict"],
                "note": each.note,
                "at": each.at,
                "by": each.by,
            }
            for each in found.revisions
        ],
        "remarks": [
            {
                "number": each.number,
                "revision": each.revision,
                "person": each.person,
                "decision": each.decision or None,
                "team": (each.team or None) if each.decision else None,
                "standing_in": each.standing_in,
                "text": each.text,
                "at": each.at,
            }
            for each in found.remarks
        ],
    }
