"""Numbers by a factor, exactly: a fraction to per cent, thousands to units."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from registry.mappings.base import Asking, At, RefusedError, Transform, takes
from registry.mappings.shapes import Shape
from registry.mappings.transforms.money import read_decimal

_EXACT = Context(prec=60, traps=[Inexact])


def _factor(text: str) -> str:
    try:
        good = read_decimal(text) != 0
    except RefusedError:
        good = False
    if not good:
        raise ValueError(f"{text[:40]!r} is no factor such as 100 or 0.01")
    return text


Factor = Annotated[str, BeforeValidator(str), AfterValidator(_factor)]


class _Scaled(Transform):
    SHORT: ClassVar[str | None] = "by"

    by: Factor

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "integer", "number", "string", asking=asking, name=self.NAME)
        return shape.made(*("number" if one == "integer" else one for one in shape.types or {"number"}))

    def _like(self, value: Any, result: Decimal) -> Any:
        plain = result.quantize(Decimal(1)) if result == result.to_integral_value() else result.normalize()
        return f"{plain:f}" if isinstance(value, str) else plain


class Multiply(_Scaled):
    """By a factor; text stays text, a number a number."""

    NAME: ClassVar[str] = "multiply"

    def apply(self, value: Any, at: At) -> Any:
        del at
        return self._like(value, _EXACT.multiply(read_decimal(value), Decimal(self.by)))

    def inverse(self) -> Transform:
        return Divide(by=self.by)

    def told(self) -> str:
        return f"times {self.by}"


class Divide(_Scaled):
    """By a divisor; refused where the result can't be written exactly."""

    NAME: ClassVar[str] = "divide"

    def apply(self, value: Any, at: At) -> Any:
        del at
        try:
            return self._like(value, _EXACT.divide(read_decimal(value), Decimal(self.by)))
        except Inexact:
            raise RefusedError(f"{value} divided by {self.by} can't be written exactly") from None

    def inverse(self) -> Transform:
        return Multiply(by=self.by)

    def told(self) -> str:
        return f"divided by {self.by}"


class Unit(Transform):
    """Names the unit that a number is in, where its schema does not or a factor changed it; the number stays."""

    NAME: ClassVar[str] = "unit"
    SHORT: ClassVar[str | None] = "named"

    named: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]*$", max_length=50)]

    def apply(self, value: Any, at: At) -> Any:
        del at
        return value

    def inverse(self) -> Transform:
        return Unit(named=self.named)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "integer", "number", "string", asking=asking, name=self.NAME)
        return shape.but(unit=self.named)

    def told(self) -> str:
        return f"in {self.named}"
