"""What votes come to, and who may cast them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from policies.reviews.needed import ARCHITECT, Need

Decision = Literal["approve", "refuse", "take-back"]
State = Literal["open", "approved", "refused", "superseded", "published", "withdrawn"]
#: States in which people may still vote.
VOTING: frozenset[State] = frozenset({"open", "approved", "refused"})
#: States that end only by publication or withdrawal.
ALIVE: frozenset[State] = VOTING | {"superseded"}


class ReviewError(ValueError):
    """What can't be done with a review as it stands; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What a person said for a team. ``standing_in``: they are no member of it."""

    revision: int
    team: str
    person: str
    decision: Decision
    reason: str
    standing_in: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the votes come to: ``state``, whose word is missing, and which votes stand.

    ``alone``: every team agreed, but nobody but those who proposed it.
    """

    state: State
    waiting: tuple[str, ...]
    standing: tuple[Vote, ...]
    alone: bool = False


def outcome(needs: Sequence[Need], votes: Iterable[Vote], revision: int, authors: Collection[str]) -> Outcome:
    """What the votes on a revision come to.

    The last word of a person for a team counts. One refusal refuses, until whoever gave it takes it back. Approved once
    every team agreed, and somebody who did not propose it is among those who did.
    """
    asked = [need.team for need in needs]
    last: dict[tuple[str, str], Vote] = {}
    for vote in votes:
        if vote.revision == revision and vote.team in asked:
            last[vote.team, vote.person] = vote
    standing = tuple(vote for vote in last.values() if vote.decision != "take-back")
    agreed = {vote.team for vote in standing if vote.decision == "approve"}
    waiting = tuple(team for team in asked if team not in agreed)
    if any(vote.decision == "refuse" for vote in standing):
        return Outcome("refused", waiting, standing)
    others = any(vote.decision == "approve" and vote.person not in authors for vote in standing)
    if waiting or not others:
        return Outcome("open", waiting, standing, alone=not waiting)
    return Outcome("approved", (), standing)


@dataclass(frozen=True, slots=True)
class Voter:
    """Who would vote: the teams that they are a member of, and whether they may stand in for others."""

    name: str
    teams: frozenset[str]
    may_stand_in: bool


def speaks_for(voter: Voter, needs: Sequence[Need], authors: Collection[str]) -> list[str]:
    """The asked teams for which somebody speaks without a reason: their own; an architect for what nobody owns."""
    return [need.team for need in needs if _own(voter, need.team, authors)]


def _own(voter: Voter, team: str, authors: Collection[str]) -> bool:
    if team == ARCHITECT:
        return voter.may_stand_in and voter.name not in authors
    return team in voter.teams


def teams_of_vote(
    voter: Voter, needs: Sequence[Need], authors: Collection[str], *, team: str | None, decision: Decision, reason: str
) -> list[tuple[str, bool]]:
    """For which teams a vote speaks, and whether that is standing in. Raises ``ReviewError``.

    Without a team, for all of the voter's own that are asked. For another's, one must be allowed to stand in, give a
    reason, and have proposed nothing of it. A refusal needs a reason, too.
    """
    if decision == "refuse" and not reason:
        raise ReviewError("a refusal needs a reason: say what must change")
    asked = [need.team for need in needs]
    own = speaks_for(voter, needs, authors)
    if team is None:
        if not own:
            raise ReviewError(_nobody(voter, asked, authors))
        return [(one, False) for one in own]
    if team not in asked:
        raise ReviewError(f"{named(team)} is not asked here; asked are {', '.join(map(named, asked))}")
    if team in own:
        return [(team, False)]
    if not voter.may_stand_in:
        raise ReviewError(
            f"{voter.name} is no member of {named(team)}; its members decide, or an architect in their place"
        )
    if voter.name in authors:
        raise ReviewError(f"{voter.name} proposed this, so somebody else has to speak for {named(team)}")
    if not reason:
        raise ReviewError(f"{voter.name} is no member of {named(team)}; to stand in for it, say why")
    return [(team, True)]


def _nobody(voter: Voter, asked: Sequence[str], authors: Collection[str]) -> str:
    teams = ", ".join(map(named, asked))
    if voter.may_stand_in and voter.name not in authors:
        return (
            f"{voter.name} is in none of the teams that are asked ({teams}); name the one to stand in for, and say why"
        )
    if voter.name in authors:
        return f"{voter.name} proposed this and is in none of the teams that are asked ({teams}), so others decide"
    return f"{voter.name} is in none of the teams that are asked ({teams}); a team's members stand in its manifest"


def named(team: str) -> str:
    """A team in a sentence."""
    return team or "an architect"


def memberships(members: Mapping[str, Collection[str]], person: str) -> frozenset[str]:
    """The teams of a person, by each team's members."""
    return frozenset(team for team, people in members.items() if person in people)
