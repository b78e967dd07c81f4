"""Texts: capitals, cutting, joining and taking apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from registry.mappings.base import Asking, At, RefusedError, Transform, takes
from registry.mappings.shapes import Shape


class Case(Transform):
    """Texts that are all in small letters to capitals, or the other way; what is not so is refused."""

    NAME: ClassVar[str] = "case"
    SHORT: ClassVar[str | None] = "way"

    way: Literal["lower-to-upper", "upper-to-lower"]

    def apply(self, value: Any, at: At) -> Any:
        del at
        raises = self.way == "lower-to-upper"
        if not isinstance(value, str) or value != (value.lower() if raises else value.upper()):
            raise RefusedError(f"{value!r} is not in {'small letters' if raises else 'capitals'}")
        return value.upper() if raises else value.lower()

    def inverse(self) -> Transform:
        return Case(way="upper-to-lower" if self.way == "lower-to-upper" else "lower-to-upper")

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", asking=asking, name=self.NAME)
        change = str.upper if self.way == "lower-to-upper" else str.lower
        values = _changed(shape.values, change)
        return shape.made("string", values=values, max_length=shape.max_length)

    def told(self) -> str:
        return "in capitals" if self.way == "lower-to-upper" else "in small letters"


class Truncate(Transform):
    """At most so many characters; the rest is lost."""

    NAME: ClassVar[str] = "truncate"
    SHORT: ClassVar[str | None] = "to"

    to: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]

    def apply(self, value: Any, at: At) -> Any:
        del at
        if not isinstance(value, str):
            raise RefusedError(f"{value!r} is no text")
        return value[: self.to]

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", asking=asking, name=self.NAME)
        return shape.but(max_length=min(self.to, shape.max_length or self.to), values=None, pattern=None)

    def told(self) -> str:
        return f"cut to {self.to} characters"


class Join(Transform):
    """Several texts, or the texts of a list, with something between them; what is missing is left out."""

    NAME: ClassVar[str] = "join"
    SHORT: ClassVar[str | None] = "by"

    by: Annotated[str, Field(max_length=20)] = " "

    def apply(self, value: Any, at: At) -> Any:
        del at
        parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        found = [part for part in parts if part is not None]
        if wrong := [part for part in found if not isinstance(part, str)]:
            raise RefusedError(f"{wrong[0]!r} is no text; convert it first")
        return self.by.join(found)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", "array", asking=asking, name=self.NAME)
        return shape.made("string", max_length=shape.max_length)

    def told(self) -> str:
        return f"joined by “{self.by}”" if self.by else "joined"


class Split(Transform):
    """One part of a text, counted from 0, or from the end with -1; refused if there is no such part."""

    NAME: ClassVar[str] = "split"

    by: Annotated[str, Field(min_length=1, max_length=20)]
    part: Annotated[int, Field(ge=-50, le=50, strict=True)] = 0

    def apply(self, value: Any, at: At) -> Any:
        del at
        if not isinstance(value, str):
            raise RefusedError(f"{value!r} is no text")
        parts = value.split(self.by)
        try:
            return parts[self.part]
        except IndexError:
            raise RefusedError(f"{value[:60]!r} has {len(parts)} parts by {self.by!r}, none at {self.part}") from None

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", asking=asking, name=self.NAME)
        return shape.made("string", max_length=shape.max_length)

    def told(self) -> str:
        place = "the last part" if self.part == -1 else f"part {self.part}"
        return f"{place} by “{self.by}”"


def _changed(values: tuple[Any, ...] | None, change: Callable[[str], str]) -> tuple[str, ...] | None:
    if values is None or not all(isinstance(one, str) for one in values):
        return None
    return tuple(map(change, values))
