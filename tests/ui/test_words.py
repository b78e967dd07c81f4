import pytest

from ui import words


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("invoice", "invoices"),
        ("credit-memo", "credit memos"),
        ("delivery", "deliveries"),
        ("key", "keys"),
        ("tax", "taxes"),
        ("batch", "batches"),
        ("person", "people"),
    ],
)
def test_plurals(name: str, many: str) -> None:
    assert words.plural(name) == many
    assert words.quantity(2, name) == f"2 {many}"
    assert words.quantity(0, name) == f"0 {many}"


def test_one_is_singular_and_thousands_are_separated() -> None:
    assert words.quantity(1, "credit-memo") == "1 credit memo"
    assert words.quantity(1_204, "invoice") == "1,204 invoices"


def test_titles_and_listings() -> None:
    assert words.title("invoice-posting") == "Invoice posting"
    assert words.title("") == "Item"
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.verb(1, "is", "are") == "is"
    assert (words.one("invoice"), words.one("credit-memo")) == ("an invoice", "a credit memo")


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("no such period", "No such period."),
        ("the end comes first.", "The end comes first."),
        ("crm-sync called it", "crm-sync called it."),
        ("https://dunning.example sends it", "https://dunning.example sends it."),
        ("amount_due has no unit", "amount_due has no unit."),
        ("customerEmail is not snake_case", "customerEmail is not snake_case."),
        ("billing, which owns it", "Billing, which owns it."),
    ],
)
def test_a_sentence_opens_with_a_capital_unless_a_name_stands_first(text: str, opens: str) -> None:
    assert words.sentence(text) == opens
