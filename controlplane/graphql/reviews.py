"""Reviews of proposed versions."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any, Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError
from strawberry.scalars import JSON

from controlplane import reviewing
from controlplane.graphql.context import Info, needs
from controlplane.http.paging import MAX_LIMIT
from policies.reviews import reading
from policies.reviews.deciding import State
from policies.reviews.model import Review

_STATES: tuple[State, ...] = ("open", "approved", "refused", "superseded", "published", "withdrawn")


@strawberry.enum(description="Where a review is.")
class ReviewState(Enum):
    open = "open"
    approved = "approved"
    refused = "refused"
    superseded = "superseded"
    published = "published"
    withdrawn = "withdrawn"


@strawberry.enum(description="Whose reviews: those that wait for one's word, or that one proposed.")
class Mine(Enum):
    waiting = "waiting"
    proposed = "proposed"


@strawberry.type(
    description="A team whose word is needed, why, and who gave it; null: an architect, for what nobody owns."
)
class ReviewNeed:
    team: str | None
    because: list[str]
    approved_by: list[str]
    refused_by: list[str]


@strawberry.type(description="A document that was proposed, and the gate's evaluation of it.")
class ReviewRevisionType:
    number: int
    base: int | None
    evaluation: str
    verdict: str
    note: str
    at: datetime
    by: str


@strawberry.type(description="A comment (no decision) or a vote.")
class ReviewRemarkType:
    number: int
    revision: int
    person: str
    decision: str | None
    team: str | None
    standing_in: bool
    text: str
    at: datetime


@strawberry.type(description="A proposed version of a schema; `base` is the one that it would replace.")
class ReviewType:
    id: int
    subject: str
    title: str
    author: str
    state: ReviewState
    due: date
    overdue: bool
    revision: int
    base: int | None
    verdict: str
    published: int | None
    needs: list[ReviewNeed]
    needs_another_person: bool
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From what REST tells, too."""
        asked = [ReviewNeed(**one) for one in told["needs"]]
        return cls(**told | {"needs": asked, "state": ReviewState(told["state"])})

    @strawberry.field(description="Why it is proposed.")
    def why(self, info: Info) -> str:
        """Read where it is asked for, as all that follows."""
        return self._whole(info).why

    @strawberry.field(description="The proposed document.")
    def document(self, info: Info) -> str:
        """Of the present revision."""
        return self._whole(info).revision.text

    @strawberry.field(description="What the gate said of it when it was last judged: changes, findings, impact.")
    def answer(self, info: Info) -> JSON:
        """As an evaluation has it."""
        return JSON(dict(self._whole(info).revision.answer))

    @strawberry.field(description="Every document that was proposed, the first one first.")
    def revisions(self, info: Info) -> list[ReviewRevisionType]:
        """The last one is what is decided on."""
        return [ReviewRevisionType(**one) for one in self._told(info)["revisions"]]

    @strawberry.field(description="Comments and votes in the order in which they were said.")
    def remarks(self, info: Info) -> list[ReviewRemarkType]:
        """Also those of earlier revisions."""
        return [ReviewRemarkType(**one) for one in self._told(info)["remarks"]]

    def _whole(self, info: Info) -> Review:
        with info.context.state.database.reading() as session:
            found = reading.review(session, self.id)
        if found is None:
            raise StrawberryGraphQLError(f"there is no review {self.id}")
        return found

    def _told(self, info: Info) -> dict[str, Any]:
        return reviewing.detail(self._whole(info), info.context.state.clock().date())


@strawberry.type
class ReviewQuery:
    """What can be asked about reviews."""

    @strawberry.field(
        permission_classes=[needs("catalogue:read")],
        description="Reviews, what is due first coming first; `afterDue` and `afterId` are the last of the page before.",
    )
    def reviews(
        self,
        info: Info,
        states: list[ReviewState] | None = None,
        subject: str | None = None,
        mine: Mine | None = None,
        *,
        after_due: date | None = None,
        after_id: int | None = None,
        limit: int = 50,
    ) -> list[ReviewType]:
        """A page of them."""
        if not 1 <= limit <= MAX_LIMIT:
            raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
        if subject is not None and not (subject.isascii() and subject.isprintable()):
            return []
        wanted = {one.value for one in states or ()}
        state = info.context.state
        found = reviewing.listed(
            state,
            info.context.principal,
            states=[one for one in _STATES if one in wanted],
            subject=subject,
            waiting=mine is Mine.waiting,
            proposed=mine is Mine.proposed,
            after=(after_due, after_id) if after_due is not None and after_id is not None else None,
            limit=limit,
        )
        return [ReviewType.of(reviewing.summary(one, state.clock().date())) for one in found]

    @strawberry.field(permission_classes=[needs("catalogue:read")], description="One review, null if there is none.")
    def review(self, info: Info, id: int) -> ReviewType | None:  # noqa: A002 - the field's own word
        """By its number."""
        state = info.context.state
        with state.database.reading() as session:
            found = reading.review(session, id)
        return None if found is None else ReviewType.of(reviewing.summary(found.summary, state.clock().date()))
