from dataclasses import replace

import pytest

from collectors.timelines.model import Instance
from tests.ui import sample
from tests.ui.sample import COLLECTION, NOW, POSTING, WORKFLOW, error, invoice, milestone
from ui.charts.timeline.story import Usual
from ui.format import DAY, HOUR, MINUTE, NOTHING, SECOND
from ui.sentence import read
from ui.views import timeline


def view(one: Instance) -> timeline.View:
    return timeline.view(
        one, WORKFLOW, [POSTING, COLLECTION], {"stripe": "Stripe", "netsuite": "NetSuite"}.get, {}, NOW
    )


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (sample.in_time(1, NOW - 5 * DAY), "Completed in 1 d. Both deadlines were met."),
        (sample.twice(2, NOW - 20 * DAY), "Completed in 9 d. Invoice posting was missed."),
        (
            sample.stuck(3, NOW - 3 * HOUR),
            (
                "Posted (NetSuite) is overdue by 2 h 45 min. The last that was heard is Posted (NetSuite), "
                "which failed 2 h 58 min ago."
            ),
        ),
        (
            invoice(milestone(1, "finalized", NOW - MINUTE)),
            "Under way for 1 min; the latest step is Finalised, 1 min ago.",
        ),
        (
            invoice(milestone(1, "finalized", NOW - MINUTE), error(1, "posted", NOW - 10 * SECOND, "no")),
            "Under way for 1 min; the last that was tried is Posted, which failed 10 s ago.",
        ),
    ],
)
def test_the_answer_says_where_it_stands(one: Instance, said: str) -> None:
    assert read(view(one).answer) == said


def test_the_list_tells_the_same_as_the_picture() -> None:
    shown = view(sample.stuck(60, NOW - 3 * HOUR))
    assert [(row.title, row.result, row.after) for row in shown.rows] == [
        ("Finalised", "done", NOTHING),
        ("Posted", "attempt failed", "20 s"),
        ("Posted", "failed", "1 min 10 s"),
        ("Posted", "overdue", NOTHING),
        ("Paid", "not due yet", NOTHING),
    ]
    assert shown.rows[1].message == "no answer within 30 s"
    assert shown.rows[0].href == f"/traces/{60:032x}?span={sample.milestone(60, 'finalized', 0).span_id}#chosen"
    assert shown.open


def test_the_number_is_the_name_and_money_stands_beside() -> None:
    shown = view(sample.in_time(1, NOW - 5 * DAY))
    assert (shown.noun, shown.name) == ("Invoice", "INV-00001")
    assert shown.amount is not None
    assert not shown.open


def test_what_is_usual_needs_enough_others() -> None:
    others = [sample.in_time(number, NOW - 9 * DAY) for number in range(1, 41)]
    hops = timeline.hops_of(others[0])
    assert hops == [("finalized", "posted"), ("posted", "paid")]
    usual = timeline.usual_hops(hops, others)
    assert usual["finalized", "posted"] == Usual(41 * SECOND, 59 * SECOND)
    assert timeline.usual_hops(hops, others[:5]) == {}


def test_a_step_that_a_clock_puts_ahead_of_now_is_told_as_one_that_has_come() -> None:
    shown = view(invoice(milestone(1, "finalized", NOW + HOUR)))
    assert "Finalised, stamped 1 h ahead of now by its system's clock." in read(shown.answer)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("RCRD_DSNT_EXIST: no such customer", "no such customer"),
        ("RCRD_DSNT_EXISTS: no such customer", "RCRD_DSNT_EXISTS: no such customer"),
        ("no such customer", "no such customer"),
    ],
)
def test_an_errors_kind_is_said_once(message: str, said: str) -> None:
    failed = replace(error(1, "posted", NOW - HOUR, message), error_type="RCRD_DSNT_EXIST")
    (row,) = (row for row in view(invoice(failed)).rows if row.error_type)
    assert row.message == said
