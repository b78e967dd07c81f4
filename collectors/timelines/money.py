"""Amounts: exact decimals with an ISO 4217 currency, never floats."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

from collectors.timelines.model import Money
from registry.currencies import MINOR_UNITS

#: What the store's Decimal(38, 12) can hold; beyond it an amount is refused rather than rounded.
INTEGER_DIGITS, FRACTION_DIGITS = 26, 12
#: Wide enough that nothing which passes the bounds below is ever rounded.
_EXACT = Context(prec=1000)


def plus(one: Decimal, other: Decimal) -> Decimal:
    """The exact sum of what :func:`parse` gave."""
    return _EXACT.add(one, other)


def parse(value: str, currency: str) -> Money | None:
    """The amount that a sender stated, or None if it can't be read exactly or has no currency of three letters."""
    code = currency.strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):  # noqa: PLR2004 - ISO 4217 codes have three letters
        return None
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() >= INTEGER_DIGITS:
        return None
    if number.normalize(_EXACT).as_tuple().exponent < -FRACTION_DIGITS:  # type: ignore[operator] # it is finite
        return None
    return Money(number, code)


def unread(value: str, currency: str) -> bool:
    """Whether a sender stated an amount that can't be read."""
    return not value.isspace() and value != "" and parse(value, currency) is None


def text(money: Money) -> str:
    """The value with at least the currency's digits after the point and never fewer than were given: "1250.00"."""
    digits = MINOR_UNITS.get(money.currency, 2)
    plain = f"{money.value:f}"
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0").ljust(digits, "0")
    return f"{whole}.{fraction}" if fraction else whole
