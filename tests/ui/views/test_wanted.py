"""What a list is about: read from its address, said in a sentence, and kept in every link."""

from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest

from collectors.timelines.reading import Totals
from tests.ui.sample import COLLECTION, NOW, POSTING, WORKFLOW
from ui import query
from ui.format import DAY
from ui.sentence import read
from ui.views import wanted

SLAS = [COLLECTION, POSTING]


def asked(**parameters: str) -> wanted.Asked:
    pairs = list(parameters.items())
    return wanted.read(WORKFLOW, SLAS, pairs, query.period(parameters, NOW), NOW)


@pytest.mark.parametrize(
    ("parameters", "number", "said"),
    [
        ({}, 2_000, "2,000 invoices began so far."),
        ({"period": "P30D"}, 1, "1 invoice began in the last 30 days."),
        ({"sla": "invoice-posting", "sla_state": "overdue"}, 11, "11 invoices are overdue for “Invoice posting”."),
        (
            {"sla": "invoice-posting", "sla_state": "met", "entity": "DE01", "period": "P7D"},
            2,
            "2 invoices with entity DE01 that came to Finalised in the last 7 days were on time for “Invoice posting”.",
        ),
        (
            {"state": "completed", "step": "posted", "missing": "paid"},
            1,
            "1 invoice has been completed, has reached “Posted” and has not reached “Paid”.",
        ),
        ({"current": "posted"}, 2, "2 invoices have come no further than “Posted”."),
        ({"hop": "finalized:paid"}, 3, "3 invoices went from “Finalised” straight to “Paid”."),
        ({"path": "finalized,posted"}, 3, "3 invoices went exactly this way: Finalised → Posted."),
        ({"path": "-"}, 1, "1 invoice has reached no step, only failed attempts."),
        (
            {"amount_min": "5", "amount_max": "9.5", "amount_currency": "EUR"},
            2,
            "2 invoices are worth at least EUR 5.00 and at most EUR 9.50.",
        ),
        ({"amount_currency": "USD", "errors": "false"}, 2, "2 invoices are in USD and have no failed attempt."),
        (
            {"min_age": "P3D", "max_age": "P9D", "min_silence": "PT4H", "errors": "true", "error": "closed"},
            2,
            (
                "2 invoices began at least 3 d ago, began at most 9 d ago, have been silent for 4 h or longer, have "
                "failed attempts and have an attempt that failed with “closed”."
            ),
        ),
        (
            {"error_type": "USER_ERROR", "amount_unread": "true"},
            2,
            "2 invoices have an amount that can't be read and have met the error USER_ERROR.",
        ),
        ({"state": "cancelled"}, 2, "2 invoices have been cancelled."),
    ],
)
def test_the_answer_says_what_the_list_holds(parameters: dict[str, str], number: int, said: str) -> None:
    assert read(wanted.answer(asked(**parameters), Totals(number, {}))) == said


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"step": "shipped"}, "“shipped” is no step of this workflow; there are finalized, posted, paid."),
        ({"sla": "nope"}, "“nope” is no deadline of this workflow; there are collection, invoice-posting."),
        ({"sla_state": "overdue"}, "Choose the deadline too; this workflow has several or none."),
        ({"state": "lost"}, "“lost” is no state; there are running, completed, failed and cancelled."),
        (
            {"from": "x"},
            "“x” is no date; write one like 2026-03-31 or 2026-03-31T12:00:00Z. This shows any time instead.",
        ),
    ],
)
def test_a_filter_that_makes_no_sense_is_said(parameters: dict[str, str], said: str) -> None:
    assert asked(**parameters).troubles == (said,)


def test_with_a_deadline_the_period_is_that_of_its_first_step() -> None:
    chosen = asked(sla="invoice-posting", period="P1D").filter
    assert (chosen.since, chosen.until) == (None, None)
    assert (chosen.deadline_since, chosen.deadline_until) == (NOW - DAY, NOW)
    chosen = asked(period="P1D").filter
    assert (chosen.since, chosen.until, chosen.deadline_since) == (NOW - DAY, NOW, None)


def test_the_address_keeps_every_filter() -> None:
    parameters = {
        "from": "2026-03-01",
        "to": "2026-03-02",
        "state": "running",
        "sla": "collection",
        "sla_state": "pending",
        "step": "posted",
        "missing": "paid",
        "current": "posted",
        "hop": "finalized:posted",
        "path": "finalized,posted",
        "amount_min": "1.50",
        "amount_currency": "EUR",
        "min_age": "P3D",
        "errors": "true",
        "error": "=1&2",
        "sort": "amount",
        "entity": "a&b",
    }
    address = asked(**parameters).address("17")
    assert dict(parse_qsl(urlsplit(address).query)) == {**parameters, "cursor": "17"}


def test_the_money_of_all_that_is_shown_is_in_the_answer() -> None:
    said = read(wanted.answer(asked(), Totals(2, {"USD": Decimal(5), "EUR": Decimal("1200.5")})))
    assert said == "2 invoices began so far, EUR 1,200.50 and USD 5.00 in all."


def test_an_order_alone_restricts_nothing() -> None:
    assert not asked(sort="amount").restricted
    assert asked(errors="true").restricted
