"""What a schema allows at a place, as far as a mapping needs to know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

#: JSON's types, null apart: that a value may be null is said by ``Shape.nullable``.
TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array"})


@dataclass(frozen=True, slots=True)
class Shape:
    """The values that may stand at a place.

    ``types``: JSON's types without null, none if anything may. ``values``: all that may be, where they are listed.
    ``optional``: nothing may stand there. ``unit``: what ``x-unit`` names; ``zone``: what ``x-zone`` names.
    ``money``: an object of ``value`` and ``currency``.
    """

    types: frozenset[str] | None = None
    nullable: bool = False
    optional: bool = False
    format: str | None = None
    values: tuple[Any, ...] | None = None
    max_length: int | None = None
    pattern: str | None = None
    unit: str | None = None
    zone: str | None = None
    money: bool = False

    def but(self, **changes: Any) -> Shape:
        """The same with some things changed."""
        return replace(self, **changes)

    @property
    def said(self) -> str:
        """Its types in words."""
        if self.money:
            return "money"
        words = " or ".join(sorted(self.types)) if self.types else "anything"
        return f"{words} ({self.format})" if self.format else words

    def only(self, kind: str) -> bool:
        """Whether nothing but this type may stand there."""
        return self.types == frozenset({kind})

    def made(self, *types: str, **more: Any) -> Shape:
        """What a transform makes of it: other types, there under the same circumstances."""
        return Shape(frozenset(types), self.nullable, self.optional, **more)


def shape_of(value: Any) -> Shape:
    """The shape of one value that is known."""
    kinds = {bool: "boolean", int: "integer", str: "string", dict: "object", list: "array"}
    money = isinstance(value, dict) and value.keys() == {"value", "currency"}
    if value is None:
        return Shape(frozenset(), nullable=True)
    listed = (value,) if not isinstance(value, dict | list) else None
    longest = len(value) if isinstance(value, str) else None
    return Shape(frozenset({kinds.get(type(value), "number")}), values=listed, max_length=longest, money=money)
