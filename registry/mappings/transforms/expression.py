"""What no other transform says, as an expression of the Common Expression Language."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from registry.mappings.base import Asking, At, RefusedError, Transform
from registry.mappings.shapes import Shape

_TYPES = {"string": str, "integer": int, "number": int | float, "boolean": bool, "object": dict, "array": list}
Returns = Literal["string", "integer", "number", "boolean", "object", "array"]


class Expression(Transform):
    """CEL over ``value``, or over the names that ``from`` gives; null where there is nothing.

    Whole numbers and text are exact; other numbers become doubles, so amounts belong into ``money`` and
    ``minor_units``. ``returns`` says what comes out, and ``values``, if given, all that may; anything else is refused.
    """

    NAME: ClassVar[str] = "cel"

    expression: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    returns: Returns
    values: Annotated[tuple[str | int | bool, ...], Field(min_length=1, max_length=500)] | None = None

    def apply(self, value: Any, at: At) -> Any:
        del at
        names = value if isinstance(value, Named) else {"value": value}
        try:
            found = program(self.expression).execute({name: _plain(one) for name, one in names.items()})
        except Exception as error:  # noqa: BLE001  whatever it raises, it is the expression's doing
            raise RefusedError(f"the expression fails: {_line(error)}") from None
        if found is None:
            return None
        if not isinstance(found, _TYPES[self.returns]) or (isinstance(found, bool) and self.returns != "boolean"):
            raise RefusedError(f"the expression gave {type(found).__name__}, but returns says {self.returns}")
        if self.values is not None and found not in self.values:
            raise RefusedError(f"the expression gave {found!r}, which is none of its values")
        return Decimal(str(found)) if isinstance(found, float) else found

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        try:
            unknown = set(program(self.expression).variables()) - asking.names
        except ValueError as error:
            asking.tell("cel-invalid", f"the expression can't be read: {_line(error)}")
            return Shape(frozenset({self.returns}), values=self.values)
        for name in sorted(unknown):
            asking.tell("cel-name", f"the expression asks for {name!r}; it has {', '.join(sorted(asking.names))}")
        # What comes of null can't be told from the expression alone.
        maybe = shape.optional or shape.nullable
        return Shape(frozenset({self.returns}), optional=maybe, values=self.values)

    def told(self) -> str:
        return f"by {self.expression}"


class Named(dict[str, Any]):
    """The values of several paths by the names that ``from`` gives them."""


@lru_cache(maxsize=1024)
def program(expression: str) -> Any:
    """The compiled expression. Raises ``ValueError``."""
    from cel import compile as compiled  # noqa: PLC0415  half of the commands never need it

    return compiled(expression)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
