"""Between JSON's own types."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from registry.kinds.base import Shape as TextShape
from registry.mappings.base import Asking, At, RefusedError, Transform, takes
from registry.mappings.shapes import Shape

_WAYS = TextShape(
    r"(string-to-(integer|number|boolean)|(integer|number|boolean)-to-string)",
    "must be one of integer-to-string, number-to-string, boolean-to-string, string-to-integer, string-to-number and "
    "string-to-boolean",
)
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


class Convert(Transform):
    """``convert: integer-to-string`` and the like; digits are kept as they are."""

    NAME: ClassVar[str] = "convert"
    SHORT: ClassVar[str | None] = "way"

    way: Annotated[str, AfterValidator(_WAYS)]

    @property
    def _ends(self) -> tuple[str, str]:
        before, _, after = self.way.partition("-to-")
        return before, after

    def apply(self, value: Any, at: At) -> Any:
        del at
        before, after = self._ends
        if not _is(value, before):
            raise RefusedError(f"{value!r} is no {before}")
        return _as_text(value) if after == "string" else _from_text(value, after)

    def inverse(self) -> Transform:
        before, after = self._ends
        return Convert(way=f"{after}-to-{before}")

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        before, after = self._ends
        takes(shape, *(("integer", "number") if before == "number" else (before,)), asking=asking, name=self.NAME)
        values = tuple(map(_as_text, shape.values)) if shape.values is not None and after == "string" else None
        return shape.made(after, values=values, unit=shape.unit)

    def told(self) -> str:
        return "{} to {}".format(*self._ends)


def _is(value: Any, kind: str) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else int | Decimal)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _from_text(value: str, kind: str) -> Any:
    if kind == "boolean" and value in {"true", "false"}:
        return value == "true"
    if kind == "integer" and _INTEGER.fullmatch(value):
        return int(value)
    if kind == "number" and _NUMBER.fullmatch(value):
        try:
            return Decimal(value)
        except InvalidOperation:  # pragma: no cover - the pattern has no such text
            pass
    raise RefusedError(f"{value[:60]!r} is no {kind}")
