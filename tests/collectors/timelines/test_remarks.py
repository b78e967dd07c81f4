"""Remarks: what is odd about a timeline, whatever the order in which it was told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.fold import fold
from collectors.timelines.model import Key, Milestone
from collectors.timelines.remarks import Kind, Remark, remarks, to_come
from tests.collectors.workflows.test_order import WORKFLOW

SECOND = 1_000_000_000
MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND


def fact(step: str, at: int, *, seen: int = 0, error: bool = False, number: str = "1", salt: int = 0) -> Milestone:
    return Milestone(
        occurred_at=at,
        step=step,
        span_id=f"{salt:016x}",
        trace_id=f"{at:032x}",
        system="erp" if step == "posted" else "billing",
        status="error" if error else "ok",
        source="span",
        keys=(Key("number", number),),
        message="closed" if error else "",
        observed_at=seen,
    )


def told(*facts: Milestone) -> tuple[Remark, ...]:
    return remarks(WORKFLOW, fold(WORKFLOW, facts))


def kinds(*facts: Milestone) -> list[tuple[str, str, str, int]]:
    return [(one.kind, one.step, one.other, one.gap) for one in told(*facts)]


def test_what_goes_well_has_no_remarks() -> None:
    assert kinds(fact("finalized", 1), fact("posted", 2), fact("paid", 3), fact("told", 4)) == []


@pytest.mark.parametrize(("gap", "kind"), [(2 * MINUTE, "clocks differ"), (HOUR, "out of order")])
def test_a_step_before_the_one_that_it_comes_after(gap: int, kind: str) -> None:
    assert kinds(fact("posted", HOUR), fact("finalized", HOUR + gap)) == [(kind, "posted", "finalized", gap)]
    # Told comes after posted by its own word; that paid is declared before it means nothing to it.
    assert kinds(fact("finalized", 0), fact("posted", 1), fact("told", 2), fact("paid", 9 * HOUR)) == []


def test_two_steps_of_one_system_have_one_clock() -> None:
    assert kinds(fact("paid", 1), fact("finalized", 2), fact("posted", 0)) == [
        ("clocks differ", "posted", "finalized", 2), ("out of order", "paid", "finalized", 1)
    ]  # fmt: skip


def test_what_stands_in_keeps_the_place_of_the_other() -> None:
    well = (fact("finalized", 1), fact("posted", 2), fact("offset", 3))
    assert kinds(*well) == [("instead", "offset", "paid", 0)]
    assert to_come(WORKFLOW, {"finalized", "posted", "offset"}) == ("told",)
    assert to_come(WORKFLOW, {"finalized"}) == ("posted", "paid", "told")
    assert kinds(*well, fact("paid", 4)) == []


def test_a_step_that_was_passed_by_is_told_at_the_first_later_one() -> None:
    (one,) = told(fact("finalized", 1), fact("paid", 2), fact("offset", 3))
    assert (one.kind, one.step, one.other, one.facts) == ("skipped", "posted", "paid", (fact("paid", 2),))
    assert kinds(fact("finalized", 1), fact("voided", 2)) == []
    assert kinds(fact("finalized", 1), fact("paid", 2, error=True)) == [("failed", "paid", "", 0)]


def test_amounts_that_cannot_be_read_are_told_at_their_step() -> None:
    comma, lone, fine, none = (
        replace(fact("posted", at, salt=at), amount=amount, currency=currency)
        for at, amount, currency in ((2, "12,50", "EUR"), (3, "12.50", ""), (4, "12.50", "EUR"), (5, " ", "EUR"))
    )
    found = [one for one in told(fact("finalized", 1), comma, lone, fine, none) if one.kind == "amount unread"]
    assert [(one.step, one.count, one.facts) for one in found] == [("posted", 2, (comma, lone))]


def test_attempts_are_counted_and_the_one_that_counts_comes_first() -> None:
    tries = [fact("posted", at, error=True) for at in (2, 3)]
    (failed,) = told(fact("finalized", 1), *tries)
    assert (failed.kind, failed.count, failed.facts) == ("failed", 2, (tries[1], tries[0]))
    (retried,) = told(fact("finalized", 1), *tries, fact("posted", 9))
    assert (retried.kind, retried.count, retried.facts) == ("retried", 2, (fact("posted", 9), *tries))


def test_repetition_is_told_unless_the_step_may_be_repeated() -> None:
    twice = (fact("finalized", 1), fact("posted", 2), fact("posted", 9))
    assert kinds(*twice) == [("reported again", "posted", "", 7)]
    (again,) = told(*twice[:2], replace(twice[2], keys=(Key("number", "1"), Key("number", "2"))))
    assert (again.kind, again.ids, again.count) == ("done again", (("number", ("1", "2")),), 2)
    repeatable = replace(
        WORKFLOW, steps=tuple(replace(step, repeatable=step.name == "posted") for step in WORKFLOW.steps)
    )
    assert remarks(repeatable, fold(repeatable, twice)) == ()


def test_what_arrives_behind_later_ones_is_late_by_more_than_a_minute() -> None:
    prompt = (fact("posted", 2, seen=HOUR), fact("paid", 3, seen=HOUR + 5))
    assert kinds(fact("finalized", 1, seen=HOUR + MINUTE), *prompt) == []
    late = ("arrived late", "finalized", "posted", 2 * HOUR)
    assert kinds(fact("finalized", 1, seen=3 * HOUR), *prompt) == [late]
    # Nothing is known of when an event came that has no such time.
    assert kinds(fact("finalized", 1, seen=3 * HOUR), *(replace(one, observed_at=0) for one in prompt)) == []
    # The earliest delivery counts: that it came once more is no news.
    again = fact("finalized", 1, seen=9 * HOUR)
    assert kinds(again, fact("finalized", 1, seen=HOUR), *prompt) == []


def test_what_is_stamped_after_it_came_has_a_clock_that_is_ahead() -> None:
    prompt = fact("finalized", HOUR, seen=HOUR - MINUTE)
    assert kinds(prompt) == []
    assert kinds(replace(prompt, observed_at=HOUR - 2 * MINUTE)) == [("clock ahead", "finalized", "", 2 * MINUTE)]
    assert kinds(replace(prompt, observed_at=0)) == []


def test_the_guide_names_every_kind_as_rest_has_it() -> None:
    table = (Path(__file__).parents[3] / "docs" / "guides" / "correlation.md").read_text()
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")]
    named = {name.strip() for row in rows for name in row.split(",")}
    assert {kind.replace(" ", "-") for kind in get_args(Kind)} <= named


facts = st.lists(
    st.builds(
        fact,
        st.sampled_from([*(step.name for step in WORKFLOW.steps), "unknown"]),
        st.integers(0, 5) | st.integers(0, 3 * HOUR),
        seen=st.integers(0, 5 * HOUR),
        error=st.booleans(),
        number=st.sampled_from("12"),
        salt=st.integers(0, 2),
    ),
    min_size=1,
    max_size=10,
)


@given(facts, st.randoms(use_true_random=False))
def test_remarks_are_a_function_of_the_set_of_milestones(found: list[Milestone], plan: Random) -> None:
    shuffled = [*found, *plan.choices(found, k=3)]
    plan.shuffle(shuffled)
    once = told(*found)
    assert told(*shuffled) == once
    for one in once:
        assert one.facts
        assert one.gap >= 0
        assert one.kind in ("skipped", "instead") or one.facts[0].step == one.step
