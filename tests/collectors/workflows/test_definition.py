"""A definition as text and its id, which decides whether history is read again."""

from __future__ import annotations

from dataclasses import replace

from collectors.workflows.definition import Definition, Match, Settles, Step

DEFINITION = Definition(
    workflow="w",
    object="invoice",
    keys=(("invoice", "invoice.id"),),
    steps=(
        Step("finalized", "stripe", Match(span="finalized")),
        Step("paid", "stripe", Match(event="paid"), repeatable=True),
    ),
    amount="invoice.amount",
    currency="invoice.currency",
    completes=frozenset({"paid"}),
)
PAID = replace(DEFINITION.steps[1], settles=Settles("payment.amount", once_per="payment"))
SETTLING = replace(DEFINITION, steps=(DEFINITION.steps[0], PAID))


def test_a_definition_reads_and_says_itself_again() -> None:
    for one in (DEFINITION, SETTLING):
        again = Definition.from_json(one.to_json())
        assert (again, again.id) == (one, one.id)
    assert Definition.from_json(SETTLING.to_json()).settling == {"paid": PAID.settles}


def test_who_says_nothing_of_parts_keeps_the_id_that_was_before_there_were_any() -> None:
    assert replace(DEFINITION, reader=4).id == "ddbef2ae6aa9c985"
    assert "settles" not in DEFINITION.to_json()
    other = replace(SETTLING, steps=(DEFINITION.steps[0], replace(PAID, settles=Settles("payment.amount"))))
    assert len({DEFINITION.id, SETTLING.id, other.id}) == 3
