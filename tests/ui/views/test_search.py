"""What a search says that it found, and amounts that were typed into it."""

from __future__ import annotations

import pytest

from collectors.timelines.model import Key
from collectors.timelines.reading import Hit
from tests.ui.sample import WORKFLOW, company
from ui.views import search

WORKFLOWS = {WORKFLOW.workflow: WORKFLOW}
ONE, TWO = company()[:2]


def said(typed: str, hits: list[Hit], trace: str = "", *, full: bool = False) -> str:
    return "".join(bit.text for bit in search.answer(typed, hits, trace, full=full))


def test_the_answer_says_how_a_text_fits() -> None:
    own, other = [Hit(ONE, Key("n", "INV-1")), Hit(TWO, Key("n", "INV-1"))], Hit(TWO, Key("n", "INV-12"))
    assert said(" inv-1 ", own) == "2 timelines have the id “inv-1”."
    assert said("INV-1", [own[0], other]) == "2 timelines have an id that begins with “INV-1”."
    assert said("V-1", [own[0], other]) == "2 timelines have an id that fits “V-1”."
    assert said("INV", [own[0], other], full=True).startswith("At least 2 timelines have")
    assert (
        said("sub_1", [Hit(ONE, Key("s", "sub_1"), "related")]) == "No timeline is of “sub_1”, but 1 timeline names it."
    )
    assert said("acme", [Hit(ONE, Key("customer", "Acme"), "dimension")]) == "1 timeline has “acme” in customer."
    assert said("abc", own, "/traces/abc") == "2 timelines go through this trace."


@pytest.mark.parametrize(
    ("typed", "value", "currency"),
    [
        ("EUR 1,250.00", "1250.00", "EUR"),
        ("1.250,00 eur", "1250.00", "EUR"),
        ("1250 EUR", "1250", "EUR"),
        ("USD 1,250", "1250", "USD"),
        ("12,5 CHF", "12.5", "CHF"),
        ("CHF 1'250.50", "1250.50", "CHF"),
        ("-7.10 EUR", "-7.10", "EUR"),
    ],
)
def test_an_amount_with_its_currency_leads_to_lists(typed: str, value: str, currency: str) -> None:
    ((title, href),) = search.amounts(typed, WORKFLOWS)
    assert title.startswith("Invoices worth ")
    assert href.endswith(f"amount_min={value}&amount_max={value}&amount_currency={currency}")


@pytest.mark.parametrize("typed", ["1250", "EUR", "INV 12", "XYZ 12", "EUR 1 2 3 x", "", "EUR -", "9" * 400 + " EUR"])
def test_anything_else_is_no_amount(typed: str) -> None:
    assert search.amounts(typed, WORKFLOWS) == []


def test_a_value_of_a_dimension_leads_to_the_whole_list() -> None:
    hit = Hit(ONE, Key("entity", "DE01"), "dimension")
    assert search.more([hit, hit], WORKFLOWS) == [
        ("Invoices with entity DE01", "/workflows/invoice-to-cash/instances?entity=DE01")
    ]
