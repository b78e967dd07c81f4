"""What the texts of a query come to, and what is said of those that make no sense."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from collectors.timelines.filtering import Filter
from policies.slas.model import Sla
from policies.slas.narrowing import PARAMETERS, Narrowing, read
from policies.slas.report import deadline_of
from tests.collectors.timelines.history import DAY, DEFINITION, HOUR, NOW, STEPS

POSTING = Sla("posting", "invoice-to-cash", "finalized", "posted", HOUR, 0.99, 30 * DAY)
PAYING = replace(POSTING, name="paying", end="paid")


def asked(*slas: Sla, **given: str) -> Narrowing:
    return read(DEFINITION, slas or (POSTING, PAYING), given, NOW)


def test_nothing_asked_restricts_nothing() -> None:
    found = asked(entity="DE01", limit="5", state="running")
    assert found.filter == Filter(order=STEPS, now=NOW)
    assert (found.sort, found.given, found.troubles) == ("started", {}, ())


def test_every_parameter_is_understood() -> None:
    given = {
        "step": "finalized", "missing": "paid", "current": " posted ", "hop": "finalized:posted", "path": "finalized,posted",
        "sla": "posting", "sla_state": "overdue", "amount_min": "1.50", "amount_max": "99", "amount_currency": "eur",
        "min_age": "PT1H", "max_age": "P3D", "min_silence": "PT2H", "errors": "true", "error": "closed", "sort": "amount",
        "error_type": "429", "amount_unread": "false",
    }  # fmt: skip
    assert given.keys() == PARAMETERS.keys()
    found = read(DEFINITION, [POSTING], given, NOW)
    assert found.troubles == ()
    assert found.given == {name: text.strip() for name, text in given.items()}
    assert found.sort == "amount"
    assert found.filter == Filter(
        since=NOW - 3 * DAY, until=NOW - HOUR + 1, steps=("finalized",), missing="paid", current="posted",
        hops=(("finalized", "posted"),), path=("finalized", "posted"), order=STEPS, deadline=deadline_of(POSTING),
        deadline_state="overdue", currency="EUR", least=Decimal("1.50"), most=Decimal(99),
        heard_before=NOW - 2 * HOUR + 1, errors=True, error="closed", error_type="429", unread=False, now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"step": "finalised"}, "“finalised” is no step of this workflow; did you mean “finalized”?"),
        ({"missing": "x"}, "“x” is no step of this workflow; there are finalized, posted, paid, voided."),
        ({"hop": "finalized"}, "hop: write two steps, FROM:TO."),
        ({"hop": "a:b"}, "hop: “a” is no step of this workflow; it has finalized, posted, paid, voided."),
        ({"path": "finalized,"}, "path: “” is no step of this workflow; it has finalized, posted, paid, voided."),
        ({"sla": "postin"}, "“postin” is no SLA of this workflow; did you mean “posting”?"),
        ({"sla_state": "met"}, "Choose the SLA too; this workflow has several or none."),
        ({"sla": "posting", "sla_state": "good"}, "“good” is no way to stand with the SLA; there are met, breached"),
        ({"amount_min": "5"}, "amount_min: say the currency too, since"),
        ({"amount_max": "NaN", "amount_currency": "EUR"}, "amount_max: “NaN” is no amount; write a decimal"),
        ({"amount_currency": "Euro"}, "“Euro” is no currency; write its ISO 4217 code, such as EUR."),
        ({"min_age": "3 days"}, "min_age: “3 days” is no length of time; write one like PT4H or P3D."),
        ({"errors": "maybe"}, "“maybe” is no answer to whether there are errors; there are true, false."),
        ({"sort": "colour"}, "“colour” is no order of a list; there are started, age, silence, amount, id."),
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(given: dict[str, str], said: str) -> None:
    found = read(DEFINITION, [POSTING, PAYING], given, NOW)
    assert found.troubles[0].startswith(said)
    assert len(found.troubles) == 1
    assert found.filter == Filter(order=STEPS, now=NOW, deadline=found.filter.deadline, currency=found.filter.currency)
    assert not set(found.given) & (given.keys() - {"sla", "amount_currency"})


def test_the_only_sla_is_meant_if_none_is_named() -> None:
    assert asked(POSTING, sla_state="met").sla == POSTING


def test_no_step_is_a_way_of_its_own() -> None:
    assert asked(path="-").filter.path == ()


def test_a_dimension_of_that_name_comes_first() -> None:
    definition = replace(DEFINITION, dimensions=(("step", "a"), ("sort", "b")))
    assert read(definition, [], {"step": "x", "sort": "y"}, NOW).troubles == ()


def test_bounds_narrow_one_another() -> None:
    base = Filter(
        key=b"k", state="running", since=NOW - 5 * DAY, until=NOW, dimensions={"entity": "DE01"}, overdue=True
    )
    merged = asked(max_age="P3D", min_age="P1D").onto(base)
    assert (merged.since, merged.until) == (NOW - 3 * DAY, NOW - DAY + 1)
    assert (merged.key, merged.state, merged.dimensions, merged.overdue) == (b"k", "running", {"entity": "DE01"}, True)
    assert asked(max_age="P9D").onto(base).since == NOW - 5 * DAY


def test_several_steps_and_hops_are_asked_for_at_once() -> None:
    found = read(DEFINITION, (), {"step": "finalized, posted", "hop": "finalized:posted,posted:paid"}, NOW)
    assert found.troubles == ()
    assert found.filter.steps == ("finalized", "posted")
    assert found.filter.hops == (("finalized", "posted"), ("posted", "paid"))
    for wrong in (
        {"step": "finalized,poste"},
        {"hop": "finalized:posted,paid"},
        {"hop": "finalized,posted"},
        {"step": ","},
    ):
        refused = read(DEFINITION, (), wrong, NOW)
        assert len(refused.troubles) == 1
        assert (refused.filter.steps, refused.filter.hops, dict(refused.given)) == ((), (), {})
