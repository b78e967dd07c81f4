"""What votes come to, and who may cast them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reviews.deciding import Decision, ReviewError, Vote, Voter, memberships, outcome, teams_of_vote
from policies.reviews.needed import ARCHITECT, Need

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
NEEDS = (Need("billing", ("owns it",)), Need("finance", ("owns erp",)))
AUTHORS = {"Ada"}


def vote(team: str, person: str, decision: Decision = "approve", revision: int = 1) -> Vote:
    return Vote(revision, team, person, decision, "", standing_in=False, at=START)


def state(*votes: Vote, revision: int = 1) -> str:
    return outcome(NEEDS, votes, revision, AUTHORS).state


def test_every_team_must_agree() -> None:
    assert state() == "open"
    assert state(vote("billing", "Bo")) == "open"
    assert outcome(NEEDS, [vote("billing", "Bo")], 1, AUTHORS).waiting == ("finance",)
    assert state(vote("billing", "Bo"), vote("finance", "Fay")) == "approved"


def test_an_author_counts_for_their_team_but_never_alone() -> None:
    own = [vote("billing", "Ada"), vote("finance", "Ada")]
    came = outcome(NEEDS, own, 1, AUTHORS)
    assert (came.state, came.waiting, came.alone) == ("open", (), True)
    assert state(*own, vote("billing", "Bo")) == "approved"
    assert state(vote("billing", "Ada"), vote("finance", "Fay")) == "approved"


def test_one_refusal_blocks_until_whoever_gave_it_takes_it_back() -> None:
    no = vote("finance", "Fay", "refuse")
    agreed = [vote("billing", "Bo"), vote("finance", "Finn")]
    assert state(no) == "refused"
    assert state(*agreed, no) == "refused"
    assert state(no, *agreed) == "refused"
    assert state(no, *agreed, vote("finance", "Finn", "take-back"), vote("finance", "Finn")) == "refused"
    assert state(no, *agreed, vote("finance", "Fay", "take-back")) == "approved"
    assert state(no, *agreed, vote("finance", "Fay")) == "approved"


def test_a_new_revision_starts_anew() -> None:
    votes = [vote("billing", "Bo"), vote("finance", "Fay", "refuse")]
    assert state(*votes, revision=2) == "open"
    assert (
        state(*votes, vote("billing", "Bo", revision=2), vote("finance", "Fay", revision=2), revision=2) == "approved"
    )


def test_the_word_of_a_team_that_is_not_asked_counts_for_nothing() -> None:
    assert state(vote("sales", "Sam", "refuse")) == "open"
    assert outcome((), [vote("sales", "Sam")], 1, AUTHORS).state == "open"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["billing", "finance"]),
            st.sampled_from(["Ada", "Bo", "Fay"]),
            st.sampled_from(["approve", "refuse", "take-back"]),
        ),
        max_size=8,
    )
)
def test_nothing_is_approved_against_a_team_or_by_the_author_alone(
    cast: list[tuple[str, str, Decision]],
) -> None:
    came = outcome(NEEDS, [vote(*one) for one in cast], 1, AUTHORS)
    last = {(team, person): decision for team, person, decision in cast}
    if came.state == "approved":
        agreed = {key for key, decision in last.items() if decision == "approve"}
        assert {team for team, _ in agreed} == {"billing", "finance"}
        assert {person for _, person in agreed} - AUTHORS
        assert "refuse" not in last.values()
    assert (came.state == "refused") == ("refuse" in last.values())


def voter(name: str, *teams: str, architect: bool = False) -> Voter:
    return Voter(name, frozenset(teams), architect)


def spoken(who: Voter, team: str | None = None, decision: Decision = "approve", reason: str = "") -> object:
    needs = (*NEEDS, Need(ARCHITECT, ("nobody owns x",)))
    return teams_of_vote(who, needs, AUTHORS, team=team, decision=decision, reason=reason)


def test_a_member_speaks_for_all_their_teams_that_are_asked() -> None:
    assert spoken(voter("Bo", "billing", "finance", "sales")) == [("billing", False), ("finance", False)]
    assert spoken(voter("Bo", "billing", "finance"), "finance") == [("finance", False)]


def test_an_architect_speaks_for_what_nobody_owns_and_stands_in_with_a_reason() -> None:
    architect = voter("Arch", architect=True)
    assert spoken(architect) == [(ARCHITECT, False)]
    assert spoken(architect, "billing", reason="they are on leave") == [("billing", True)]
    with pytest.raises(ReviewError, match="to stand in for it, say why"):
        spoken(architect, "billing")


@pytest.mark.parametrize(
    ("who", "team", "words"),
    [
        (voter("Vic"), None, "Vic is in none of the teams that are asked"),
        (voter("Vic"), "billing", "Vic is no member of billing"),
        (voter("Bo", "billing"), "sales", "sales is not asked here; asked are billing, finance, an architect"),
        (voter("Ada", architect=True), "billing", "Ada proposed this, so somebody else"),
        (voter("Ada", architect=True), None, "Ada proposed this and is in none"),
        (voter("Ada", architect=True), ARCHITECT, "Ada proposed this, so somebody else has to speak for an architect"),
    ],
)
def test_nobody_else_speaks(who: Voter, team: str | None, words: str) -> None:
    with pytest.raises(ReviewError, match=words):
        spoken(who, team, reason="because")


def test_a_refusal_says_why() -> None:
    with pytest.raises(ReviewError, match="a refusal needs a reason"):
        spoken(voter("Bo", "billing"), decision="refuse")


def test_the_last_word_counts_whatever_the_time_says() -> None:
    early = Vote(1, "billing", "Bo", "approve", "", standing_in=False, at=START + timedelta(days=1))
    assert state(vote("billing", "Bo", "refuse"), early, vote("finance", "Fay")) == "approved"


def test_people_belong_to_teams_by_the_names_in_their_manifests() -> None:
    members = {"billing": ("Bo", "Ada"), "finance": ("Fay",), "empty": ()}
    assert memberships(members, "Bo") == {"billing"}
    assert memberships(members, "bo") == frozenset()
