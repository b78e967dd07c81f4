"""Payments in parts on an object's page: the figure beside the amount, the picture, the remarks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from collectors.timelines.fold import fold
from collectors.timelines.model import Instance
from collectors.workflows.definition import Settles
from policies.slas.model import Figures
from tests.ui import sample
from tests.ui.charts.markup import parse, with_class
from tests.ui.sample import COLLECTION, DECLARED, NOW, POSTING, SETTLING, WORKFLOW, milestone, paid
from ui import format as fmt
from ui.format import DAY
from ui.query import period
from ui.sentence import read
from ui.views import deadlines, timeline

START = NOW - 5 * DAY


def view(one: Instance) -> timeline.View:
    titles = {"stripe": "Stripe", "netsuite": "NetSuite"}
    return timeline.view(one, SETTLING, [POSTING, COLLECTION], lambda name: titles.get(name, name), {}, NOW)


def notes(shown: timeline.View) -> dict[str, str]:
    return {note.kind: note.text for note in shown.notes}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((), ""),
        (("40",), "40.00 settled, 62.50 open"),
        (("40", "62.50"), "102.50 settled"),
        (("40", "1062.505"), "1,102.505 settled, 1,000.005 too much"),
    ],
)
def test_what_is_settled_stands_beside_the_amount(parts: tuple[str, ...], said: str) -> None:
    assert view(paid(2, START, *parts)).settled == said


def test_a_part_is_shown_and_the_step_is_still_to_come() -> None:
    shown = view(paid(2, START, "40"))
    assert [(row.title, row.result, row.message) for row in shown.rows] == [
        ("Finalised", "done", ""),
        ("Posted", "in time", ""),
        ("Paid", "a part", "EUR 40.00"),
        ("Paid", "not due yet", ""),
    ]
    assert (shown.missing, shown.open) == (("Paid",), True)
    assert read(shown.answer) == "Under way for 5 d; the latest step is Paid, which settled a part, 4 d ago."
    assert notes(shown) == {"part settled": "1 part came to less than the amount: EUR 62.50 is open."}
    for picture in (shown.wide, shown.tall):
        assert "EUR 40.00" in str(picture)
    ticks = [tick.text for tick in with_class(parse(shown.wide), "tick")]
    assert fmt.clock(START + DAY) in ticks


def test_the_part_that_completes_it_stands_for_the_step() -> None:
    shown = view(paid(2, START, "40", "62.50", "1"))
    assert [(row.title, row.result, row.message) for row in shown.rows][2:] == [
        ("Paid", "a part", "EUR 40.00"),
        ("Paid", "in time", "EUR 62.50"),
        ("Paid", "a part", "EUR 1.00"),
    ]
    assert read(shown.answer) == "Completed in 2 d. Both deadlines were met."
    assert notes(shown) == {
        "over settled": "3 parts came to more than the amount, by EUR 1.00: paid twice, or too much?"
    }


def test_a_refund_is_shown_below_zero_and_another_is_no_part_of_it() -> None:
    refunded = replace(
        SETTLING.steps[2], name="refunded", title="Refunded", settles=Settles("refund.amount", takes_back=True)
    )
    refunding = replace(SETTLING, steps=(*SETTLING.steps, refunded))
    back = replace(milestone(2, "paid", START + 3 * DAY, amount="10"), step="refunded", span_id="d" * 16)
    again = replace(back, occurred_at=START + 4 * DAY, span_id="e" * 16)
    one = fold(refunding, [*paid(2, START, "40", "62.50").milestones, back, again])
    shown = timeline.view(one, refunding, [], str, {}, NOW)
    assert [(row.title, row.result, row.message) for row in shown.rows][3:] == [
        ("Paid", "done", "EUR 62.50"),
        ("Refunded", "done", "EUR -10.00"),
        ("Refunded", "once more", "EUR -10.00"),
    ]
    assert shown.settled == "82.50 settled, 20.00 open"
    assert read(shown.answer) == "Open again for 2 d; the latest step is Refunded, 2 d ago."


def test_what_is_overdue_says_that_a_part_came() -> None:
    assert read(view(paid(2, NOW - 20 * DAY, "40")).answer) == (
        "Paid (Stripe) is overdue by 6 d. The last that was heard is Paid (Stripe), which settled a part, 19 d ago."
    )


def test_why_nothing_is_added_up_is_said() -> None:
    unknown = fold(SETTLING, [milestone(2, "finalized", START, amount=""), milestone(2, "paid", START + DAY)])
    assert notes(view(unknown))["not added up"] == (
        "Paid (Stripe) settles nothing so far: no other step has stated the amount, so nobody knows what is open."
    )
    other = milestone(2, "paid", START + DAY, currency="USD")
    none = replace(other, amount="", span_id="d" * 16)
    assert notes(view(fold(SETTLING, [milestone(2, "finalized", START), other, none])))["not added up"] == (
        "Paid (Stripe) states no amount in EUR (twice), so it settles nothing of the EUR 102.50."
    )


def test_the_same_payment_once_more_is_no_part() -> None:
    once = replace(
        SETTLING,
        steps=tuple(
            replace(step, settles=step.settles and replace(step.settles, once_per="stripe.invoice"))
            for step in SETTLING.steps
        ),
    )
    facts = [milestone(2, "finalized", START), milestone(2, "paid", START + DAY, amount="40")]
    again = replace(facts[1], occurred_at=START + 2 * DAY, span_id="d" * 16)
    told = timeline.view(fold(once, [*facts, again]), once, [], str, {}, NOW)
    assert [row.result for row in told.rows] == ["done", "a part", "reported again"]


def test_parts_alone_can_be_drawn() -> None:
    shown = view(
        fold(
            SETTLING,
            [milestone(2, "paid", START, amount="1"), milestone(2, "paid", START + DAY, amount="2", span_id="d" * 16)],
        )
    )
    assert [row.result for row in shown.rows] == ["a part", "a part"]
    assert len(with_class(parse(str(shown.wide)), "mark")) == 2
    assert read(shown.answer) == "Under way for 5 d; the latest step is Paid, which settled a part, 4 d ago."


def test_sums_over_many_say_that_parts_are_not_taken_off() -> None:
    asked = deadlines.Asked(COLLECTION, SETTLING, period({}, NOW), {}, None, NOW)
    late = Figures(count=1, overdue=1, waiting={"EUR": Decimal("102.50")})
    assert "1 is overdue, EUR 102.50 (what was settled in part is not taken off)." in read(
        deadlines.answer(asked, late, None)
    )
    without = deadlines.answer(replace(asked, sla=POSTING), late, None)
    assert "taken off" not in read(without)
    for definition, said in ((SETTLING, True), (WORKFLOW, False)):
        declared = replace(DECLARED, workflows={definition.workflow: definition})
        pages = TestClient(sample.app(sample.services([paid(2, START, "40")], declared=declared)))
        text = pages.get(f"/workflows/{definition.workflow}/flow").text
        assert "A hop is as wide" in text
        assert ("Amounts are of whole invoices: what was settled in part is not taken off." in text) == said


def test_the_page_has_it() -> None:
    one = paid(2, START, "40")
    declared = replace(DECLARED, workflows={SETTLING.workflow: SETTLING})
    pages = TestClient(sample.app(sample.services([one], declared=declared)))
    text = pages.get(f"/workflows/invoice-to-cash/instances/{one.id}").text
    assert "EUR 102.50" in text
    assert "40.00 settled, 62.50 open" in text
    assert "Part settled." in text
    assert "hx-swap-oob" not in text
    # What is asked for again while it is under way brings the figure, too.
    again = pages.get(
        f"/workflows/invoice-to-cash/instances/{one.id}", headers={"HX-Request": "true", "HX-Target": "story"}
    ).text
    assert '<p class="amount" id="amount" hx-swap-oob="true">' in again
    assert "40.00 settled, 62.50 open" in again
