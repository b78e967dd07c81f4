"""Amounts: whole minor units or decimals beside a currency on one side, ``{value, currency}`` on the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from registry.currencies import CODES, exponent
from registry.kinds.base import Name
from registry.mappings.base import Asking, At, PathText, RefusedError, Transform, takes, takes_unit
from registry.mappings.paths import Key, Path, parse
from registry.mappings.shapes import Shape
from registry.mappings.transforms.text import Case

MINOR, MAJOR = "minor-units", "major-units"
_LONGEST = 60
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")
# Wide enough that nothing of at most so many digits is ever rounded.
_EXACT = Context(prec=200)


def _code(text: str) -> str:
    if text not in CODES:
        raise ValueError(f"{text[:10]!r} is no currency of ISO 4217, such as EUR")
    return text


Code = Annotated[str, AfterValidator(_code)]


class _Priced(Transform):
    """Where the currency stands: at ``currency``, a path, or it is always ``code``. ``case``: how the source spells it.

    ``table``: what stands at ``currency`` is no currency but leads to one by this table, such as a legal entity.
    """

    currency: PathText | None = None
    code: Code | None = None
    table_: Name | None = Field(default=None, alias="table")
    case: Literal["upper", "lower"] = "upper"

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        if (self.currency is None) == (self.code is None):
            raise ValueError("say where the currency stands: currency (a path) or code (such as EUR)")
        if self.table_ is not None and self.currency is None:
            raise ValueError("a table of currencies needs currency, the path of what is looked up in it")
        return self

    def beside(self) -> Iterator[str]:
        if self.currency is not None:
            yield self.currency

    def back(self, source: Path, target: Path) -> Iterator[tuple[Path, Path, Transform | None]]:
        del source
        if self.currency is not None and self.table_ is None:
            how = Case(way="upper-to-lower") if self.case == "lower" else None
            yield target.then(Key("currency")), parse(self.currency), how

    def _currency(self, at: At) -> str:
        text = self.code if self.currency is None else at.beside(self.currency)
        if self.table_ is not None:
            known = at.tables.get(self.table_, {})
            if not isinstance(text, str) or text not in known:
                raise RefusedError(f"the table {self.table_} has no currency for {text!r}")
            text = known[text]
        if not isinstance(text, str) or not text:
            raise RefusedError(f"there is no currency at {self.currency}")
        if text != (text.upper() if self.case == "upper" else text.lower()):
            raise RefusedError(f"the currency {text[:10]!r} is not in {self.case} case")
        if exponent(text.upper()) is None:
            raise RefusedError(f"{text[:10]!r} is no currency of ISO 4217")
        return text.upper()

    def _check_currency(self, asking: Asking) -> None:
        if self.currency is None:
            return
        shape = asking.shape(self.currency)
        if shape is None:
            asking.tell("path-unknown", f"the source has no {self.currency}, where the currency should stand")
            return
        takes(shape, "string", asking=asking, name="the currency")
        if self.table_ is not None:
            self._check_table(shape, asking)
            return
        spelled = [one for one in shape.values or () if isinstance(one, str)]
        wrong = next((one for one in spelled if one != (one.upper() if self.case == "upper" else one.lower())), None)
        if wrong is not None:
            asking.tell("currency-case", f"the source spells currencies like {wrong!r}; say case: {_other(self.case)}")

    def _check_table(self, shape: Shape, asking: Asking) -> None:
        known = asking.tables.get(self.table_ or "", {})
        missing = [one for one in shape.values or () if one not in known]
        if missing and known:
            asking.tell("enum-uncovered", f"the table {self.table_} has no currency for {', '.join(map(str, missing))}")
        wrong = [one for one in known.values() if one not in CODES]
        if wrong:
            asking.tell("value-not-allowed", f"the table {self.table_} has {wrong[0]!r}, which is no currency")

    @property
    def _where(self) -> str:
        return self.code or f"the currency {'by' if self.table_ else 'at'} {self.currency}"


class MinorUnits(_Priced):
    """Whole minor units to money: 1210 and "eur" to {"value": "12.10", "currency": "EUR"}, by the currency's digits.

    ``exponents`` names currencies for which the system differs from ISO 4217.
    """

    NAME: ClassVar[str] = "minor_units"

    exponents: dict[Code, Annotated[int, Field(ge=0, le=6, strict=True)]] = Field(default_factory=dict)

    def apply(self, value: Any, at: At) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise RefusedError(f"{value!r} is no whole number of minor units")
        code = self._currency(at)
        digits = self.exponents.get(code, exponent(code) or 0)
        return {"value": decimal_text(Decimal(value).scaleb(-digits, _EXACT), code), "currency": code}

    def inverse(self) -> Transform | None:
        return None if self.table_ else ToMinorUnits(exponents=self.exponents)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "integer", asking=asking, name=self.NAME)
        takes_unit(shape, MINOR, asking=asking, name=self.NAME)
        self._check_currency(asking)
        return shape.made("object", money=True)

    def told(self) -> str:
        return f"minor units of {self._where}"


class ToMinorUnits(Transform):
    """Money to whole minor units; refused where the amount has more digits than they hold."""

    NAME: ClassVar[str] = "to_minor_units"

    exponents: dict[Code, Annotated[int, Field(ge=0, le=6, strict=True)]] = Field(default_factory=dict)

    def apply(self, value: Any, at: At) -> Any:
        del at
        amount, code = read_money(value)
        digits = self.exponents.get(code, exponent(code) or 0)
        scaled = amount.scaleb(digits, _EXACT)
        if scaled != scaled.to_integral_value():
            raise RefusedError(f"{code} {amount:f} is no whole number of minor units")
        return int(scaled)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        _takes_money(shape, asking, self.NAME)
        return shape.made("integer", unit=MINOR)

    def told(self) -> str:
        return "whole minor units of its currency"


class Money(_Priced):
    """A decimal, as a number or as text, to money; its digits are kept, and filled up to the currency's own."""

    NAME: ClassVar[str] = "money"

    as_: Literal["number", "string"] = Field(default="number", alias="as")

    def apply(self, value: Any, at: At) -> Any:
        code = self._currency(at)
        return {"value": decimal_text(read_decimal(value), code), "currency": code}

    def inverse(self) -> Transform | None:
        return None if self.table_ else Amount.model_validate({"as": self.as_})

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, *_NUMBERS[self.as_], asking=asking, name=self.NAME)
        takes_unit(shape, MAJOR, asking=asking, name=self.NAME)
        self._check_currency(asking)
        return shape.made("object", money=True)

    def told(self) -> str:
        return f"decimal in {self._where}"


class Amount(Transform):
    """Money to its decimal alone, as a number or as text; the currency must go elsewhere."""

    NAME: ClassVar[str] = "amount"
    SHORT: ClassVar[str | None] = "as"

    as_: Literal["number", "string"] = Field(default="number", alias="as")

    def apply(self, value: Any, at: At) -> Any:
        del at
        amount, code = read_money(value)
        return amount if self.as_ == "number" else decimal_text(amount, code)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        _takes_money(shape, asking, self.NAME)
        return shape.made(self.as_, unit=MAJOR)

    def told(self) -> str:
        return f"its decimal as a {self.as_}"


_NUMBERS = {"number": ("integer", "number"), "string": ("string",)}


def _other(case: str) -> str:
    return "lower" if case == "upper" else "upper"


def _takes_money(shape: Shape, asking: Asking, name: str) -> None:
    if not shape.money and shape.types is not None:
        asking.tell("type-mismatch", f"{name} takes money ({{value, currency}}), but here is {shape.said}")


def read_decimal(value: Any) -> Decimal:
    """The exact number of a JSON number or of decimal text. Raises ``RefusedError``."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise RefusedError(f"{value!r} is no number")
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise RefusedError(f"{value[:40]!r} is no decimal such as 1210.00")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise RefusedError(f"{value!r} is no number") from None
    if not number.is_finite() or len(number.as_tuple().digits) > _LONGEST or abs(number.adjusted()) > _LONGEST:
        raise RefusedError(f"a number has at most {_LONGEST} digits")
    return number


def read_money(value: Any) -> tuple[Decimal, str]:
    """Amount and currency of ``{value, currency}``. Raises ``RefusedError``."""
    if not isinstance(value, dict) or value.keys() != {"value", "currency"}:
        raise RefusedError("money is an object of value and currency")
    code = value["currency"]
    if not isinstance(code, str) or exponent(code) is None:
        raise RefusedError(f"{code!r} is no currency of ISO 4217")
    return read_decimal(value["value"]), code


def decimal_text(amount: Decimal, code: str) -> str:
    """The amount with at least the currency's digits behind the point, none of its own lost but zeros."""
    whole, _, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(exponent(code) or 0, "0")
    return f"{whole}.{fraction}" if fraction else whole
