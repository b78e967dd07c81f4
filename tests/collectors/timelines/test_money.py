from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.timelines.model import Money
from collectors.timelines.money import parse, text


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("1250.00", "EUR", "1250.00"),
        ("1250", "eur", "1250.00"),
        ("1250.5", "USD", "1250.50"),
        ("1250.505", "USD", "1250.505"),
        ("1250.5000", "USD", "1250.50"),
        ("980", "JPY", "980"),
        ("980.00", "JPY", "980"),
        ("1.5", "KWD", "1.500"),
        ("-12.3", "SGD", "-12.30"),
        ("1e3", "EUR", "1000.00"),
        (" 7 ", " EUR ", "7.00"),
        ("0", "EUR", "0.00"),
    ],
)
def test_amounts_are_read_exactly_and_shown_with_their_currencys_digits(value: str, currency: str, shown: str) -> None:
    found = parse(value, currency)
    assert found is not None
    assert text(found) == shown


@pytest.mark.parametrize(
    ("value", "currency"),
    [("", "EUR"), ("abc", "EUR"), ("NaN", "EUR"), ("Infinity", "EUR"), ("1", ""), ("1", "EURO"), ("1", "E1R"), ("1", "ÄÖÜ"),
     ("1" + "0" * 26, "EUR"), ("0.0000000000001", "EUR"), ("1,250.00", "EUR")],
)  # fmt: skip
def test_what_can_not_be_read_exactly_is_no_amount(value: str, currency: str) -> None:
    assert parse(value, currency) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20))
def test_no_digit_is_ever_lost(number: Decimal) -> None:
    found = parse(str(number), "EUR")
    assert found == Money(number, "EUR")
    assert Decimal(text(found)) == number
