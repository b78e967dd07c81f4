"""What late milestones changed is found by what was known before they came."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.fold import fold
from collectors.timelines.model import Milestone
from collectors.workflows.definition import Settles
from policies.slas.model import Sla
from policies.slas.revised import MOST, Change, Revision, revisions
from tests.collectors.timelines.history import DAY, DEFINITION, HOUR, NOW, SECOND, STEPS, milestone

POSTING = Sla("posting", "invoice-to-cash", "finalized", "posted", HOUR, 0.99, 30 * DAY)
PAYING = replace(POSTING, name="paying", end="paid", within=DAY)
MINUTE = 60 * SECOND


def came(step: str, at: int, seen: int, **more: object) -> Milestone:
    """A milestone that happened and was seen so many nanoseconds after the beginning."""
    return milestone(1, step, NOW + at, observed_at=NOW + seen, **more)


def told(*facts: Milestone, slas: tuple[Sla, ...] = (POSTING, PAYING)) -> tuple[Revision, ...]:
    return revisions(DEFINITION, slas, fold(DEFINITION, facts))


def test_what_comes_promptly_or_changes_nothing_is_no_revision() -> None:
    prompt = (
        came("finalized", 0, SECOND),
        came("posted", 2 * HOUR, 2 * HOUR + SECOND),
        came("paid", DAY, DAY + SECOND),
    )
    assert told(*prompt) == ()
    # All of history read at once says nothing about when things were known.
    imported = [replace(fact, observed_at=NOW + 90 * DAY) for fact in prompt]
    assert told(*imported) == ()
    again = came("posted", 3 * HOUR, 9 * DAY)
    assert told(*prompt, replace(again, span_id="f" * 16)) == ()


def test_a_late_end_says_what_was_overdue_until_it_came() -> None:
    late = came("posted", MINUTE, 3 * DAY)
    (one,) = told(came("finalized", 0, SECOND), late)
    assert (one.at, one.facts, one.late) == (late.observed_at, (late,), 3 * DAY - MINUTE)
    assert one.changes == (Change("sla", "posting", "overdue", "met", (None, 60.0)),)


def test_a_late_start_changes_a_latency_and_a_verdict_and_a_late_beginning_an_amount() -> None:
    known = came("finalized", HOUR, HOUR, amount="10.00", currency="EUR", dimensions=(("entity", "DE01"),))
    facts = (
        replace(known, span_id="a" * 16),
        came("posted", HOUR + MINUTE, HOUR + MINUTE),
    )
    first = came("finalized", 0, 2 * DAY, amount="12.50", currency="EUR", dimensions=(("entity", "US01"),))
    (one,) = told(*facts, first)
    assert one.changes == (
        Change("amount", "", "10.00 EUR", "12.50 EUR"),
        Change("dimension", "entity", "DE01", "US01"),
        Change("sla", "posting", "met", "breached", (60.0, 3660.0)),
    )


def test_a_part_that_comes_late_says_what_was_settled_without_it() -> None:
    steps = tuple(replace(step, settles=Settles("part") if step.name == "paid" else None) for step in DEFINITION.steps)
    settling = replace(DEFINITION, steps=steps)
    facts = [
        came("finalized", 0, SECOND, amount="10.00", currency="EUR"),
        came("paid", HOUR, 5 * HOUR, amount="4", currency="EUR"),
    ]
    (one,) = revisions(settling, (), fold(settling, facts))
    assert one.changes == (Change("settled", "", "0.00 EUR", "4.00 EUR"),)


def test_a_late_word_on_the_state_is_told() -> None:
    (one,) = told(came("finalized", 0, SECOND), came("paid", HOUR, 5 * HOUR))
    assert one.changes == (Change("state", "", "running", "completed"),)
    # Money that came before it was waited for.
    (one,) = told(came("paid", HOUR, HOUR), came("finalized", 0, 5 * HOUR))
    assert one.changes == (
        Change("sla", "paying", None, "met", (None, 3600.0)),
        Change("sla", "posting", None, "overdue"),
    )


def test_only_the_latest_are_looked_at_and_nothing_is_said_of_what_is_not_known() -> None:
    facts = [came("finalized", 0, SECOND)]
    facts += [
        replace(
            came("posted", 0, (number + 1) * DAY), span_id=f"{number + 1:016x}", occurred_at=NOW + (50 - number) * HOUR
        )
        for number in range(50)
    ]
    assert len(told(*facts)) == MOST
    assert told(*(replace(fact, observed_at=0) for fact in facts)) == ()


facts = st.lists(
    st.builds(
        came,
        st.sampled_from(STEPS),
        st.integers(0, 4).map(lambda at: at * HOUR),
        st.integers(0, 5).map(lambda at: at * HOUR),
    ),
    min_size=1,
    max_size=8,
)


@given(facts, st.randoms(use_true_random=False))
def test_revisions_are_a_function_of_the_set_of_milestones(found: list[Milestone], plan: Random) -> None:
    shuffled = [*found, *plan.choices(found, k=3)]
    plan.shuffle(shuffled)
    once = told(*found)
    assert told(*shuffled) == once
    assert [one.at for one in once] == sorted({one.at for one in once})
    for one in once:
        assert one.late > MINUTE
        assert all(change.before != change.after or change.seconds[0] != change.seconds[1] for change in one.changes)
