from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.timelines.model import Instance, Key
from collectors.workflows.definition import Match, Step
from policies.slas.judge import judge
from tests.ui import sample
from tests.ui.charts.markup import parse, said, with_class
from tests.ui.sample import COLLECTION, NOW, POSTING, WORKFLOW, error, invoice, milestone
from ui.charts.timeline import axis, labels, story, tall, wide
from ui.charts.timeline.model import Dot, Story
from ui.format import DAY, HOUR, MINUTE, SECOND

START = NOW - 3 * DAY
FACTS = st.lists(
    st.builds(
        lambda step, after, failed, salt: milestone(
            1,
            step,
            START + after,
            status="error" if failed else "ok",
            message="no <good> & long " * 4 if failed else "",
            span_id=f"{salt:016x}",
        ),
        st.sampled_from(["finalized", "posted", "paid", "unknown-step"]),
        st.integers(0, 40 * DAY) | st.integers(0, 5 * SECOND),
        st.booleans(),
        st.integers(0, 50),
    ),
    min_size=1,
    max_size=12,
)


def tell(instance: Instance, usual: story.Habits | None = None, now: int = NOW) -> Story:
    promises = [
        (sla, verdict)
        for sla in (COLLECTION, POSTING)
        if (verdict := judge(sla, instance.reached, instance.state, now))
    ]
    titles = {"stripe": "Stripe", "netsuite": "NetSuite"}
    return story.tell(instance, WORKFLOW, promises, now, system_title=lambda name: titles.get(name, name), usual=usual)


def kinds(dots: Sequence[Dot]) -> list[tuple[str, str]]:
    return [(dot.step, dot.kind) for dot in dots]


def notes(told: Story) -> dict[str, str]:
    return {note.kind: note.text for note in told.notes}


def test_lanes_stand_in_the_order_in_which_systems_first_speak() -> None:
    told = tell(sample.skewed(1, START))
    assert [lane.title for lane in told.lanes] == ["NetSuite", "Stripe"]


def test_what_waits_is_a_hollow_dot_where_it_was_due_in_the_lane_of_its_system() -> None:
    told = tell(invoice(milestone(1, "finalized", NOW - HOUR)))
    assert kinds(told.awaited) == [("paid", "awaited"), ("posted", "overdue")]
    assert told.awaited[1].at == NOW - HOUR + POSTING.within
    assert [lane.title for lane in told.lanes] == ["Stripe", "NetSuite"]
    assert told.now == NOW
    assert told.missing == ("Posted", "Paid")


def test_nothing_waits_once_it_is_completed() -> None:
    told = tell(sample.in_time(1, START))
    assert kinds(told.path) == [("finalized", "done"), ("posted", "met"), ("paid", "met")]
    assert (told.awaited, told.now, told.missing, told.notes) == ((), None, (), ())


def test_attempts_stand_beside_the_step_that_they_led_to() -> None:
    told = tell(sample.twice(70, START - 20 * DAY))
    assert kinds(told.path) == [("finalized", "done"), ("posted", "late"), ("paid", "met")]
    assert kinds(told.beside) == [("posted", "attempt"), ("posted", "again")]
    assert notes(told)["retried"] == "Posted (NetSuite) worked after 1 attempt failed. The last error: timeout."


def test_a_step_done_twice_names_the_ids_that_it_left() -> None:
    text = notes(tell(sample.twice(70, START)))["done again"]
    assert "happened twice, the last 1 h after the first, and left netsuite.invoice 90070 and 99999." in text


def test_of_very_many_ids_only_some_are_named() -> None:
    again = [
        milestone(
            1,
            "posted",
            START + at * MINUTE,
            span_id=f"{at + 1:016x}",
            keys=(Key("invoice.number", "INV-00001"), Key("erp", f"{at:03}")),
        )
        for at in range(30)
    ]
    text = notes(tell(invoice(milestone(1, "finalized", START), *again)))["done again"]
    assert "happened 30 times" in text
    assert "left erp 000, 001, 002, 003, 004, 005, 006, 007 and 22 others." in text


def test_the_same_ids_again_are_a_repetition_only() -> None:
    again = milestone(1, "posted", START + HOUR, span_id="e" * 16)
    told = tell(invoice(milestone(1, "finalized", START), milestone(1, "posted", START + MINUTE), again))
    assert "reported twice for the same ids" in notes(told)["reported again"]
    assert "done again" not in notes(told)


def test_a_step_that_never_worked_is_failed_and_says_why() -> None:
    told = tell(sample.stuck(60, START))
    assert kinds(told.path)[-1] == ("posted", "failed")
    assert notes(told)["failed"] == (
        "Posted (NetSuite) was tried twice and has not worked. The last error: USER_ERROR: posting period Mar 2026 is closed."
    )


def test_an_amount_that_cannot_be_read_is_quoted_with_what_it_should_be() -> None:
    comma = milestone(1, "finalized", START, amount="12,50")
    lone = milestone(1, "finalized", START + 1, amount="9", currency="", span_id="d" * 16)
    text = notes(tell(invoice(comma, lone)))["amount unread"]
    assert text.startswith(
        "Finalised (Stripe) states the amount “12,50” in “USD” (and 1 time more), which can't be read and counts in no sum."
    )
    assert "“9” without a currency" in notes(tell(invoice(lone)))["amount unread"]


def test_the_kind_of_an_error_is_told_unless_the_message_has_it() -> None:
    refused = error(1, "posted", START + MINUTE, "no answer", "timeout")
    assert notes(tell(invoice(refused)))["failed"].endswith("The last error: no answer (timeout).")
    silent = error(1, "posted", START + MINUTE, "", "503")
    assert notes(tell(invoice(silent)))["failed"].endswith("The last error: 503.")


def test_a_step_that_stands_for_a_failure_is_not_expected_to_work() -> None:
    rejected = Step("rejected", "netsuite", Match(span="post", status="error"))
    definition = replace(WORKFLOW, steps=(*WORKFLOW.steps, rejected))
    one = invoice(milestone(1, "finalized", START), error(1, "rejected", START + MINUTE, "closed"))
    told = story.tell(one, definition, [], NOW)
    assert notes(told) == {"failed": "Rejected (Stripe) happened once. The last error: closed."}
    assert told.missing == ("Posted", "Paid")


def test_very_many_attempts_are_counted_but_not_all_drawn() -> None:
    tries = [error(1, "posted", START + number * SECOND, "busy") for number in range(1, 1_235)]
    told = tell(invoice(milestone(1, "finalized", START), *tries, milestone(1, "posted", START + HOUR)))
    assert notes(told)["retried"] == (
        "Posted (NetSuite) worked after 1,234 attempts failed. The last error: busy. The first and last 20 are shown."
    )
    assert len(told.beside) == 40
    assert told.beside[-1].at == START + 1_234 * SECOND


@pytest.mark.parametrize(("gap", "kind"), [(2 * SECOND, "clocks differ"), (2 * HOUR, "out of order")])
def test_a_step_stamped_before_its_predecessor_is_told_in_words(gap: int, kind: str) -> None:
    told = tell(invoice(milestone(1, "finalized", START), milestone(1, "posted", START - gap)))
    assert "Posted (NetSuite) is stamped" in notes(told)[kind]
    assert told.path[0].notes == (1,)


def test_what_stands_in_for_a_step_is_named_and_nothing_more_is_to_come() -> None:
    offset = Step("offset", "netsuite", Match(span="offset"), title="Offset", instead_of="posted")
    review = Step("review", "netsuite", Match(span="review"), optional=True)
    definition = replace(WORKFLOW, steps=(*WORKFLOW.steps, offset, review))
    one = invoice(milestone(1, "finalized", START), milestone(1, "offset", START + MINUTE))
    told = story.tell(one, definition, [], NOW)
    assert notes(told) == {"instead": "Offset (Stripe) stands in for Posted (Netsuite)."}
    assert told.missing == ("Paid",)


def test_what_was_passed_by_and_what_came_late_are_told() -> None:
    told = tell(
        invoice(
            milestone(1, "finalized", START, observed_at=START + 3 * HOUR),
            milestone(1, "paid", START + HOUR, observed_at=START + HOUR),
        )
    )
    assert notes(told) == {
        "arrived late": (
            "Finalised (Stripe) arrived 2 h after Paid (Stripe), which happened later. The figures were computed again."
        ),
        "skipped": "Posted (NetSuite) has not come although Paid (Stripe), a later step, has.",
    }
    assert [dot.notes for dot in told.path] == [(1,), (2,)]


def test_a_hop_is_slow_only_against_what_is_usual() -> None:
    one = invoice(milestone(1, "finalized", START), milestone(1, "posted", START + 10 * MINUTE))
    usual = {("finalized", "posted"): story.Usual(MINUTE, 3 * MINUTE)}
    assert tell(one, usual).hops[0].slow
    assert "it took 10 min; 1 min is usual" in notes(tell(one, usual))["slower than usual"]
    assert not tell(one, {("finalized", "posted"): story.Usual(MINUTE, 15 * MINUTE)}).hops[0].slow
    assert not tell(one).hops[0].slow


def test_a_deadline_that_was_met_beyond_all_that_happened_takes_no_room() -> None:
    told = tell(sample.in_time(1, START - 20 * DAY))
    assert {due.sla for due in told.dues} == {"collection", "invoice-posting"}
    assert {due.sla for due in told.drawn_dues} == {"invoice-posting"}


@pytest.mark.parametrize("draw", [wide.draw, tall.draw])
def test_both_drawings_show_every_milestone_as_a_link_to_its_span(draw: object) -> None:
    one = sample.twice(70, START)
    tree = parse(draw(tell(one)))
    links = {link.get("href") for link in with_class(tree, "mark") if link.tag == "a"}
    assert links == {f"/traces/{fact.trace_id}?span={fact.span_id}#chosen" for fact in one.milestones}
    assert all(link.get("aria-label") for link in with_class(tree, "mark"))


@pytest.mark.parametrize("draw", [wide.draw, tall.draw])
def test_both_drawings_show_what_is_overdue_and_the_idle_stretch(draw: object) -> None:
    tree = parse(draw(tell(sample.stuck(60, START))))
    assert len([mark for mark in with_class(tree, "mark") if "overdue" in mark.get("class", "")]) == 1
    assert with_class(tree, "fold")
    assert "overdue by 2 d 23 h" in said(tree)
    assert "now" in said(tree)


def test_two_overdue_steps_in_one_lane_share_one_stretch() -> None:
    later = replace(COLLECTION, within=HOUR)
    one = invoice(milestone(1, "finalized", START))
    promises = [(sla, judge(sla, one.reached, one.state, NOW)) for sla in (replace(later, end="posted"), POSTING)]
    tree = parse(wide.draw(story.tell(one, WORKFLOW, promises, NOW)))
    assert len(with_class(tree, "overrun")) == 1


@settings(max_examples=60, deadline=None)
@given(FACTS)
def test_any_history_can_be_told_and_drawn(facts: list) -> None:
    told = tell(invoice(*facts), now=START + 50 * DAY)
    distinct = {fact.identity for fact in facts}
    assert len(told.path) + len(told.beside) == len(distinct)
    assert [dot.at for dot in told.path] == sorted(dot.at for dot in told.path)
    for drawing in (wide.draw(told), tall.draw(told)):
        tree = parse(drawing)
        assert len(with_class(tree, "mark")) == len(told.path) + len(told.beside) + len(told.awaited)


@given(st.lists(st.tuples(st.floats(0, 900), st.text("abc", min_size=1, max_size=30)), max_size=15))
def test_no_two_names_in_a_lane_touch(places: list[tuple[float, str]]) -> None:
    dots = [(Dot(step=name, title=name, lane=0, at=0, kind="done"), x) for x, name in places]
    found = labels.place_labels(dots, 1_000.0)
    assert len(found) == len(dots)
    for one in found:
        end = one.left + labels.text_width(one.dot.title)
        assert end <= 1_000 + 1e-6
        rivals = [other for other in found if other is not one and other.level == one.level]
        assert all(other.left >= end or other.left + labels.text_width(other.dot.title) <= one.left for other in rivals)


def test_an_attempt_writes_its_message_where_there_is_room() -> None:
    one = invoice(
        milestone(1, "finalized", START),
        error(1, "posted", START + MINUTE, "closed period"),
        milestone(1, "posted", START + HOUR),
    )
    assert "closed period" in [text.text for text in with_class(parse(wide.draw(tell(one))), "aside")]


def test_steps_of_one_moment_stand_beside_one_another_in_the_order_that_the_workflow_declares() -> None:
    facts = [milestone(1, step, START, system="stripe") for step in ("paid", "finalized", "posted")]
    told = tell(invoice(*facts))
    assert [dot.step for dot in told.path] == ["finalized", "posted", "paid"]
    places = [float(one.get("cx", "0")) for one in with_class(parse(wide.draw(told)), "disc") if one.get("r") == "6.5"]
    assert len(places) == 3
    assert all(one != other for one, other in pairwise(sorted(places)))
    assert min(other - one for one, other in pairwise(sorted(places))) >= 13


def test_words_of_a_narrow_drawing_stay_within_it_however_many_systems_there_are() -> None:
    systems = [f"system-{number}" for number in range(7)]
    facts = [
        milestone(1, "posted", START + number * MINUTE, system=system, span_id=f"{number + 1:016x}")
        for number, system in enumerate(systems)
    ]
    told = replace(tell(invoice(*facts)), notes=())
    named = replace(
        told, path=tuple(replace(dot, title="APPROVED BY THE CONTROLLER of the region") for dot in told.path)
    )
    for text in parse(tall.draw(named)).iter("text"):
        wide_ones = sum(one.isupper() for one in text.text or "")
        long = 5.9 * len(text.text or "") + 2.3 * wide_ones
        assert float(text.get("x", "0")) + long <= tall.WIDTH + 1, text.text


def test_long_names_of_systems_leave_room_for_the_drawing() -> None:
    told = tell(sample.in_time(1, START))
    named = replace(told, lanes=tuple(replace(lane, title="A name without an end " * 9) for lane in told.lanes))
    lane = with_class(parse(wide.draw(named)), "lane")[0]
    assert float(lane.get("x1", "0")) < 240


def test_breaks_are_as_wide_as_their_words() -> None:
    moments = [0, SECOND, *(SECOND + 30 * MINUTE * number for number in range(1, 9))]
    laid = axis.lay_out(moments, 600, [])
    assert len(laid.folds) == 8
    widths = [laid.x[fold.end] - laid.x[fold.start] for fold in laid.folds]
    assert max(widths) < 72
    assert axis.lay_out([0, SECOND, 20 * HOUR + 29 * MINUTE], 10, []).width > 100
