"""Parts add up: what is settled, what is open, and when that completes an object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.store.client import Store
from collectors.timelines import abridged
from collectors.timelines.abridged import Abridged, kept_of
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key, Milestone, Money
from collectors.timelines.remarks import Remark, remarks, to_come
from collectors.workflows.definition import Definition, Match, Settles, Step
from tests.collectors.timelines import history

PAYMENT = "stripe.payment"
PART = Settles("payment.amount", once_per=PAYMENT)


def step(name: str, **more: object) -> Step:
    return replace(Step(name, "stripe", Match(span=name)), **more)  # type: ignore[arg-type] # fields by their names


DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice", "invoice.id"),),
    links=((PAYMENT, "payment.id"),),
    steps=(
        step("finalized"),
        step("paid", settles=PART, repeatable=True),
        step("credited", settles=Settles("credit.amount"), repeatable=True, optional=True),
        step("told", after=("finalized",)),
        step("written-off", instead_of="paid"),
        step("disputed"),
        step("voided"),
    ),
    amount="invoice.amount",
    currency="invoice.currency",
    completes=frozenset({"paid", "credited", "written-off"}),
    fails=frozenset({"voided"}),
    reopens=frozenset({"disputed"}),
)


def fact(step: str, at: int, amount: str = "", currency: str = "EUR", payment: str = "", **more: object) -> Milestone:
    given_fields: dict[str, object] = {"status": "ok", "system": "stripe", "source": "span", **more}
    return Milestone(
        occurred_at=at,
        step=step,
        span_id=f"{at:016x}",
        trace_id=f"{at:032x}",
        keys=(Key("invoice", "in_1"),),
        links=(Key(PAYMENT, payment),) if payment else (),
        amount=amount,
        currency=currency,
        **given_fields,  # type: ignore[arg-type] # fields by their names
    )


INVOICE = fact("finalized", 1, "100.00")


def told(*facts: Milestone) -> Instance:
    return fold(DEFINITION, facts)


def figures(one: Instance) -> tuple[str, str | None, str | None]:
    """State, what is settled and what is open."""
    found = one.settlement
    assert found is not None
    return one.state, *(
        None if money is None else f"{money.value} {money.currency}" for money in (found.total, found.open)
    )


def kinds(one: Instance) -> list[tuple[str, str, int, Money | None]]:
    return [(found.kind, found.step, found.count, found.money) for found in remarks(DEFINITION, one)]


def remark(one: Instance, kind: str) -> Remark:
    (found,) = [found for found in remarks(DEFINITION, one) if found.kind == kind]
    return found


def test_an_invoice_is_paid_with_the_part_that_comes_up_to_its_amount() -> None:
    first, second = fact("paid", 5, "40.00"), fact("paid", 9, "60.00")
    part = told(INVOICE, first)
    assert figures(part) == ("running", "40.00 EUR", "60.00 EUR")
    assert (part.amount, part.ended_at, part.reached) == (Money(Decimal(100), "EUR"), None, {"finalized": 1})
    assert to_come(DEFINITION, part.reached) == ("paid", "told")
    assert kinds(part) == [("part settled", "paid", 1, Money(Decimal(60), "EUR"))]
    whole = told(INVOICE, first, second)
    assert figures(whole) == ("completed", "100.00 EUR", "0.00 EUR")
    assert (whole.ended_at, whole.reached) == (9, {"finalized": 1, "paid": 9})
    assert kinds(whole) == []
    assert told(second, first, INVOICE) == whole


def test_payments_and_credits_add_up_together() -> None:
    whole = told(INVOICE, fact("paid", 5, "90"), fact("credited", 7, "10"))
    assert figures(whole)[0] == "completed"
    assert whole.reached == {"finalized": 1, "paid": 7, "credited": 7}
    # What comes once all is settled was reached when it came.
    assert told(INVOICE, fact("paid", 5, "100"), fact("credited", 7, "10")).reached["credited"] == 7


def test_what_is_paid_too_much_is_said() -> None:
    over = told(INVOICE, fact("paid", 5, "40"), fact("paid", 6, "65.5"))
    assert figures(over) == ("completed", "105.5 EUR", "-5.50 EUR")
    assert kinds(over) == [("over settled", "paid", 2, Money(Decimal("5.5"), "EUR"))]


def test_one_payment_is_one_part_however_often_it_is_reported() -> None:
    first, again = fact("paid", 5, "50", payment="p_1"), fact("paid", 6, "50", payment="p_1")
    twice = told(INVOICE, first, again)
    assert figures(twice) == ("running", "50 EUR", "50.00 EUR")
    assert [(found.kind, found.facts) for found in remarks(DEFINITION, twice)] == [
        ("part settled", (first,)),
        ("reported again", (first, again)),
    ]
    assert figures(told(INVOICE, first, again, fact("paid", 7, "50", payment="p_2")))[0] == "completed"
    # Where no id tells them apart each milestone is a part.
    assert figures(told(INVOICE, fact("credited", 5, "50"), fact("credited", 6, "50")))[0] == "completed"


REFUNDED = step("refunded", settles=replace(PART, takes_back=True), repeatable=True, optional=True)
REFUNDING = replace(DEFINITION, steps=(*DEFINITION.steps, REFUNDED))


def test_a_refund_is_told_as_a_positive_amount_and_taken_back() -> None:
    paid, back = fact("paid", 5, "100", payment="p_1"), fact("refunded", 6, "30", payment="p_1")
    found = fold(REFUNDING, [INVOICE, paid, back, replace(back, span_id="f" * 16)])
    assert figures(found) == ("running", "70 EUR", "30.00 EUR")
    assert [(turn.state, turn.step) for turn in found.history[1:]] == [("completed", "paid"), ("running", "refunded")]
    assert found.reached == {"finalized": 1, "paid": 5, "refunded": 6}
    assert [(one.kind, one.step, one.count) for one in remarks(REFUNDING, found)] == [
        ("part settled", "paid", 2),
        ("reported again", "refunded", 2),
    ]
    # It is reached when money went back, also where nothing was ever paid in full.
    part = fold(REFUNDING, [INVOICE, fact("paid", 5, "40"), fact("refunded", 6, "40")])
    assert (figures(part), part.reached) == (("running", "0 EUR", "100.00 EUR"), {"finalized": 1, "refunded": 6})
    assert figures(fold(REFUNDING, [INVOICE, paid, back, fact("paid", 9, "30", payment="p_2")]))[0] == "completed"


def test_a_credit_note_is_paid_out_by_what_takes_back() -> None:
    notes = replace(REFUNDING, completes=frozenset({"refunded"}))
    note = fact("finalized", 1, "-100")
    part = fold(notes, [note, fact("refunded", 5, "40")])
    assert (figures(part), part.reached) == (("running", "-40 EUR", "-60 EUR"), {"finalized": 1})
    whole = fold(notes, [note, fact("refunded", 5, "40"), fact("refunded", 6, "60")])
    assert (figures(whole), whole.reached) == (("completed", "-100 EUR", "0 EUR"), {"finalized": 1, "refunded": 6})


def test_what_a_credit_comes_up_to_is_paid_although_only_payments_complete() -> None:
    only = replace(REFUNDING, completes=frozenset({"paid"}))
    found = fold(only, [INVOICE, fact("paid", 5, "90"), fact("credited", 7, "10")])
    assert [(turn.state, turn.at, turn.step) for turn in found.history] == [
        ("running", 1, "finalized"),
        ("completed", 7, "credited"),
    ]
    assert found.reached["paid"] == 7
    # Credited alone, nothing was paid; and what goes back completes nothing after a dispute.
    assert fold(only, [INVOICE, fact("credited", 7, "100")]).state == "running"
    over = [INVOICE, fact("paid", 5, "120"), fact("disputed", 6), fact("refunded", 7, "20")]
    assert fold(only, over).state == "running"


def test_parts_of_one_moment_have_no_order() -> None:
    for ident in ("0" * 16, "f" * 16):
        back = replace(fact("paid", 5, "-100"), span_id=ident)
        found = told(INVOICE, fact("paid", 5, "100"), back)
        assert [turn.state for turn in found.history] == ["running"]
        assert found.reached == {"finalized": 1}


def test_a_negative_part_with_the_id_of_the_payment_is_not_the_payment_once_more() -> None:
    found = told(INVOICE, fact("paid", 5, "100", payment="p_1"), fact("paid", 6, "-100", payment="p_1"))
    assert figures(found) == ("running", "0 EUR", "100.00 EUR")
    assert "reported again" not in {one[0] for one in kinds(found)}


def test_a_deposit_before_the_invoice_is_nothing_odd_and_neither_is_what_waits_for_the_last_part() -> None:
    hour = 3_600_000_000_000
    invoice = fact("finalized", hour, "100")
    found = told(fact("paid", 1, "10"), invoice, fact("paid", 2 * hour, "90"))
    assert (found.state, found.reached["paid"]) == ("completed", 2 * hour)
    assert kinds(found) == []
    # All of it before the invoice is.
    assert remark(told(fact("paid", 1, "100"), invoice), "out of order").other == "finalized"
    # What comes after paid and was there before the last part is out of order, whenever the first came.
    late = replace(DEFINITION, steps=(*DEFINITION.steps[:3], step("told"), *DEFINITION.steps[4:]))
    early = fold(late, [INVOICE, fact("paid", 5, "40"), fact("told", 6), fact("paid", hour, "60")])
    assert [(one.kind, one.step, one.other) for one in remarks(late, early)] == [("out of order", "told", "paid")]


def test_two_systems_may_tell_of_one_payment() -> None:
    booked = step("booked", settles=PART, repeatable=True)
    both = replace(DEFINITION, steps=(*DEFINITION.steps, booked))
    facts = [INVOICE, fact("paid", 5, "100", payment="p_1"), fact("booked", 8, "100", payment="p_1")]
    found = fold(both, facts)
    assert figures(found) == ("completed", "100 EUR", "0.00 EUR")
    assert found.reached == {"finalized": 1, "paid": 5, "booked": 8}
    assert "reported again" not in {one.kind for one in remarks(both, found)}


def test_without_an_amount_nothing_is_complete_and_that_is_said() -> None:
    alone = told(fact("finalized", 1), fact("paid", 5, "40"))
    assert figures(alone) == ("running", None, None)
    assert (alone.amount, alone.reached) == (None, {"finalized": 1})
    assert kinds(alone) == [("not added up", "paid", 1, None)]
    # It may be known later, and may have been stated before.
    assert figures(told(fact("finalized", 1), fact("paid", 5, "40"), fact("told", 9, "40")))[0] == "completed"


def test_parts_of_another_currency_or_without_one_settle_nothing() -> None:
    other, none = fact("paid", 5, "100", "USD"), fact("paid", 6)
    found = told(INVOICE, other, none, fact("paid", 7, "12,50"))
    assert figures(found) == ("running", "0 EUR", "100.00 EUR")
    assert remark(found, "not added up").facts == (other, none)
    assert remark(found, "amount unread").count == 1
    assert "part settled" not in {one.kind for one in remarks(DEFINITION, found)}


@pytest.mark.parametrize(
    ("facts", "turns"),
    [
        # What failed settles nothing.
        ([fact("paid", 5, "100", status="error")], ["running"]),
        ([fact("voided", 4), fact("paid", 5, "40")], ["running", "failed"]),
        ([fact("voided", 4), fact("paid", 5, "40"), fact("paid", 6, "60")], ["running", "failed", "completed"]),
        # What was settled before a dispute still is: the next part completes it, or a step that settles nothing.
        ([fact("paid", 5, "100"), fact("disputed", 6)], ["running", "completed", "running"]),
        ([fact("paid", 5, "100"), fact("disputed", 6), fact("paid", 7, "1")], ["running", "completed", "running", "completed"]),
        ([fact("paid", 5, "40"), fact("disputed", 6), fact("paid", 7, "1")], ["running"]),
        # A part that takes back opens again what parts had completed, and nothing else.
        ([fact("paid", 5, "100"), fact("credited", 6, "-100")], ["running", "completed", "running"]),
        ([fact("paid", 5, "100"), fact("credited", 6, "-9"), fact("paid", 7, "9")], ["running", "completed", "running", "completed"]),
        ([fact("paid", 5, "40"), fact("written-off", 6), fact("credited", 7, "-9")], ["running", "completed"]),
        ([fact("written-off", 6)], ["running", "completed"]),
        ([fact("paid", 5, "0"), fact("finalized", 1, "0.00")], ["running", "completed"]),
    ],
)  # fmt: skip
def test_turns_of_the_state(facts: Sequence[Milestone], turns: list[str]) -> None:
    begun = [] if any(one.step == "finalized" for one in facts) else [INVOICE]
    assert [turn.state for turn in told(*begun, *facts).history] == turns


def test_a_credit_note_is_settled_below_zero() -> None:
    note = fact("finalized", 1, "-100")
    assert figures(told(note, fact("paid", 5, "-40"))) == ("running", "-40 EUR", "-60 EUR")
    over = told(note, fact("paid", 5, "-40"), fact("paid", 6, "-61"))
    assert figures(over) == ("completed", "-101 EUR", "1 EUR")
    assert remark(over, "over settled").money == Money(Decimal(1), "EUR")


def test_what_is_paid_in_part_is_not_skipped_and_what_stands_in_is_told() -> None:
    found = told(INVOICE, fact("paid", 5, "40"), fact("told", 6), fact("written-off", 7))
    assert [(one[0], one[1]) for one in kinds(found)] == [("part settled", "paid"), ("instead", "written-off")]
    # Declared before what is told by order, posted for instance, it would be missing if no part had come.
    late = replace(DEFINITION, steps=(*DEFINITION.steps[:3], step("told"), *DEFINITION.steps[4:]))
    missing = [one.step for one in remarks(late, fold(late, [INVOICE, fact("told", 6)])) if one.kind == "skipped"]
    partly = fold(late, [INVOICE, fact("paid", 5, "40"), fact("told", 6)])
    assert missing == ["paid"]
    assert [one.kind for one in remarks(late, partly)] == ["part settled"]


def test_what_parts_reach_need_not_complete() -> None:
    later = replace(DEFINITION, completes=frozenset({"told"}))
    paid = fold(later, [INVOICE, fact("paid", 5, "100")])
    assert (paid.state, paid.reached) == ("running", {"finalized": 1, "paid": 5})


def many(payments: int) -> list[Milestone]:
    tries = [fact("told", 50 + at, status="error") for at in range(60)]
    return [INVOICE, *(fact("paid", 200 + at, "1") for at in range(payments)), *tries]


def test_of_very_many_milestones_parts_add_up_while_all_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.timelines.fold.BOUND", 40)
    monkeypatch.setattr(abridged, "EDGE", 5)
    few = told(*many(10))
    assert len(few.milestones) < few.total
    assert figures(few) == ("running", "10 EUR", "90.00 EUR")
    lots = told(*many(120))
    assert figures(lots) == ("running", None, None), "a sum of some would be wrong"
    assert lots.reached == {"finalized": 1}
    assert remark(lots, "not added up").count == 120
    kept, counts = kept_of(sorted(many(120)))
    assert fold(DEFINITION, Abridged(kept, counts, lots.id)) == lots


def test_the_store_adds_up_what_it_keeps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.timelines.fold.BOUND", 40)
    for name, value in (("BOUND", 40), ("EDGE", 5), ("MANY_KEYS", 1)):
        monkeypatch.setattr(abridged, name, value)
    monkeypatch.setattr(history, "DEFINITION", DEFINITION)
    for number, payments in ((1, 10), (2, 120)):
        # Each beside another id, so that its keys are many and nobody reads it in whole.
        keys = [(Key("invoice", f"in_{number}"), Key("invoice", f"in_{number}_{other}")) for other in range(3)]
        facts = [replace(one, keys=keys[place % 3]) for place, one in enumerate(many(payments))]
        timelines = history.write(store, [fold(DEFINITION, [one]) for one in facts])
        whole = fold(DEFINITION, facts)
        found = timelines.get(DEFINITION.workflow, whole.id)
        assert found == whole
        assert found is not None
        assert figures(found)[1] == (None if payments > 10 else "10 EUR")


amounts = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**25), max_value=10**25) | st.sampled_from(
    [Decimal("-0.000000000001"), Decimal("0.1"), Decimal("33.333333333333"), Decimal(10) ** 25]
)  # fmt: skip
parts = st.builds(
    fact,
    st.sampled_from(["paid", "credited"]),
    st.integers(2, 40),
    st.one_of(amounts.map(str), st.sampled_from(["", "rubbish"])),
    st.sampled_from(["EUR", "EUR", "EUR", "USD", ""]),
    st.sampled_from(["", "", "p_1", "p_2"]),
    status=st.sampled_from(["ok", "ok", "ok", "error"]),
)
rest = st.builds(fact, st.sampled_from(["disputed", "voided", "written-off", "told"]), st.integers(2, 40))


@given(st.lists(parts, max_size=8), st.lists(rest, max_size=3), amounts, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_exact_sum(
    paid: list[Milestone], more: list[Milestone], amount: Decimal, plan: Random
) -> None:
    facts = [fact("finalized", 1, str(amount)), *paid, *more]
    again = [*facts, *plan.choices(facts, k=3)]
    plan.shuffle(again)
    found = told(*again)
    assert found == told(*facts)
    assert remarks(DEFINITION, found) == remarks(DEFINITION, told(*facts))
    assert found.settlement is not None
    assert found.settlement.total is not None
    total, seen = Fraction(0), set[tuple[str, bool] | None]()
    moments: dict[int, bool] = {}
    for one in sorted(found.milestones, key=lambda one: (one.occurred_at, one.step == "credited", one.span_id)):
        if one.step in DEFINITION.settling and one.status == "ok" and one.currency == "EUR":
            if one.amount in ("", "rubbish"):
                continue
            # What takes back a payment is not the payment once more.
            ident = (one.links[0].value, Fraction(one.amount) < 0) if one.links and one.step == "paid" else None
            if ident in seen:
                continue
            seen |= {ident} - {None}
            total += Fraction(one.amount)
            moments[one.occurred_at] = total >= Fraction(amount) if amount >= 0 else total <= Fraction(amount)
    covered_at = next((at for at, covered in moments.items() if covered), None)
    assert Fraction(found.settlement.total.value) == total
    assert found.settlement.open is not None
    assert Fraction(found.settlement.open.value) == Fraction(amount) - total
    assert (
        min((found.reached[name] for name in ("paid", "credited") if name in found.reached), default=None) == covered_at
    )
    if not more:
        covers = total >= Fraction(amount) if amount >= 0 else total <= Fraction(amount)
        assert (found.state == "completed") == (covers and covered_at is not None)
