"""A review as the doors show it: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from policies.reviews.deciding import ALIVE, VOTING, Outcome, State, Vote, Voter, outcome, speaks_for
from policies.reviews.needed import Need

#: A review is due soon within so many days.
SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """A review as lists show it. ``verdict`` is the gate's, ``authors`` all who proposed a document of it.

    ``alike`` are voters who may be one of those under another name: their word does not count as another person's.
    """

    id: int
    subject: str
    title: str
    author: str
    due: date
    state: State
    revision: int
    base: int
    verdict: str
    published: int | None
    needs: tuple[Need, ...]
    votes: tuple[Vote, ...]
    authors: frozenset[str]
    alike: frozenset[str]
    mark: int
    created_at: datetime
    changed_at: datetime

    @property
    def outcome(self) -> Outcome:
        """What the votes on the present revision come to."""
        return outcome(self.needs, self.votes, self.revision, self.authors | self.alike)

    @property
    def alive(self) -> bool:
        """Whether it is neither published nor withdrawn."""
        return self.state in ALIVE

    def overdue(self, today: date) -> bool:
        """Whether its day is over and it is not."""
        return self.alive and self.due < today

    def due_soon(self, today: date) -> bool:
        """Whether its day is near."""
        return self.alive and 0 <= (self.due - today).days <= SOON_DAYS

    def waits_for(self, voter: Voter) -> bool:
        """Whether somebody's word is missing: their team's, or that of anyone who did not propose it."""
        if self.state != "open":
            return False
        came = self.outcome
        own = speaks_for(voter, self.needs, self.authors)
        if came.alone:
            return bool(own) and voter.name not in self.authors | self.alike
        return any(team in came.waiting for team in own)


@dataclass(frozen=True, slots=True)
class Revision:
    """A document that was proposed in place of version ``base`` (0: none), and what the gate last said of it."""

    number: int
    base: int
    text: str
    evaluation: str
    answer: Mapping[str, Any]
    needs: tuple[Need, ...]
    assessed_at: datetime
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment (``decision`` empty) or a vote, as it was said."""

    number: int
    revision: int
    person: str
    decision: str
    team: str
    standing_in: bool
    text: str
    at: datetime


@dataclass(frozen=True)
class Review:
    """All of a review. ``old`` is the text that the present document would replace."""

    summary: Summary
    why: str
    old: str
    revisions: Sequence[Revision]
    remarks: Sequence[Remark]

    @cached_property
    def revision(self) -> Revision:
        """The document that it is about now."""
        return self.revisions[-1]

    @property
    def may_be_voted_on(self) -> bool:
        """Whether people may still vote."""
        return self.summary.state in VOTING
