from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.ui import sample
from tests.ui.sample import COLLECTION, NOW, POSTING, WORKFLOW
from ui import query
from ui.format import DAY, HOUR
from ui.sentence import read
from ui.views import instances

SLAS = [COLLECTION, POSTING]


def asked(**parameters: str) -> instances.Asked:
    pairs = list(parameters.items())
    return instances.read(WORKFLOW, SLAS, pairs, query.period(parameters, NOW), NOW)


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
    ],
)
def test_the_answer_says_what_the_list_holds(parameters: dict[str, str], number: int, said: str) -> None:
    assert read(instances.answer(asked(**parameters), number)) == said


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"step": "shipped"}, "“shipped” is no step of this workflow; it has finalized, posted and paid."),
        ({"sla": "nope"}, "This workflow has no deadline “nope”, so it was left out."),
        ({"sla_state": "overdue"}, "Choose the deadline too; this workflow has several."),
        ({"state": "lost"}, "“lost” is no state; there are running, completed and failed."),
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
        "entity": "a&b",
    }
    address = asked(**parameters).address("17")
    assert dict(parse_qsl(urlsplit(address).query)) == {**parameters, "cursor": "17"}


def test_rows_tell_the_worst_deadline_and_how_many_more() -> None:
    rows = {row.key: row for row in instances.rows(asked(), SLAS, sample.company())}
    stuck, paid, fresh = rows["INV-00060"], rows["INV-00001"], rows["INV-00090"]
    assert (stuck.mark.words, stuck.mark.title) == ("overdue 3 d 3 h", "Invoice posting")
    assert (paid.mark.words, paid.mark.title, paid.latest) == ("on time", "all 2", "Paid")
    assert (fresh.mark.words, fresh.mark.title, fresh.mark.more) == ("due in 12 min", "Invoice posting", "and 1 more")
    assert stuck.errors == 2


def test_with_a_deadline_chosen_only_that_one_is_told() -> None:
    rows = {row.key: row for row in instances.rows(asked(sla="collection"), SLAS, sample.company())}
    assert rows["INV-00061"].mark.words == "due in 13 d 22 h"
    assert NOW - rows["INV-00061"].started_at == 2 * HOUR


def test_an_object_with_failed_attempts_only_has_no_latest_step() -> None:
    one = sample.invoice(sample.error(1, "posted", NOW - HOUR, "no"))
    row = instances.rows(asked(), SLAS, [one])[0]
    assert (row.latest, row.mark) == ("only failed attempts", None)
