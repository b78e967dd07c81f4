"""Values by table: a system's states to canonical ones, codes to names, ids to those of another system."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from registry.kinds.base import Name
from registry.kinds.workflow import Slug
from registry.mappings.base import Asking, At, RefusedError, Transform, takes
from registry.mappings.shapes import Shape

Scalar = str | int | bool | None
Values = dict[Annotated[str, StringConstraints(max_length=500)], Any]
_READ = {"true": True, "false": False}


class _Tabled(Transform):
    """What they share: what happens to a value that the table does not have, and what type its keys stand for."""

    on_unknown: Literal["fail", "default", "pass"] = "fail"
    default: Any = None
    of: Literal["string", "integer", "boolean"] = "string"

    @model_validator(mode="after")
    def _default_is_stated(self) -> Self:
        stated = "default" in self.model_fields_set
        if stated != (self.on_unknown == "default"):
            raise ValueError("on_unknown: default and a default belong together")
        return self

    @abstractmethod
    def table(self, tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
        """The values by their keys as text."""

    def apply(self, value: Any, at: At) -> Any:
        values, key = self.table(at.tables), key_of(value)
        if key is not None and key in values:
            return values[key]
        if self.on_unknown == "fail":
            raise RefusedError(f"the table has no {json.dumps(value, ensure_ascii=False, default=str)[:80]}")
        return value if self.on_unknown == "pass" else self.default

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, self.of, asking=asking, name=self.NAME)
        values = self.table(asking.tables)
        known = _keys(shape)
        results = [values[key] for key in values if known is None or key in known]
        unknown = [key for key in known or () if key not in values]
        if known is not None:
            self._check_keys(values, known, unknown, asking)
        if self.on_unknown == "default" and (known is None or unknown):
            results.append(self.default)
        passed = self.on_unknown == "pass" and (known is None or bool(unknown))
        return _shape_of(shape, results, passed=passed)

    @abstractmethod
    def _check_keys(self, values: Mapping[str, Any], known: list[str], unknown: list[str], asking: Asking) -> None:
        """Tell which keys of the table never come, and which that come it does not have."""


class Enum(_Tabled):
    """Each value of a list to one of another; which values may come is checked against the schema.

    ``values`` in place, or ``table`` by name. ``back`` says which of several values an ambiguous one goes back to.
    """

    NAME: ClassVar[str] = "enum"

    values: Values | None = None
    table_: Name | None = Field(default=None, alias="table")
    back_: Values = Field(default_factory=dict, alias="back")

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if (self.values is None) == (self.table_ is None):
            raise ValueError("say values, or the name of a table")
        return self

    def table(self, tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
        return self.values if self.values is not None else tables.get(self.table_ or "", {})

    def inverse(self) -> Transform | None:
        # A named table is only known with the mapping, so its inverse is made there.
        return None if self.values is None else inverted(self, self.values)

    def _check_keys(self, values: Mapping[str, Any], known: list[str], unknown: list[str], asking: Asking) -> None:
        if unknown and self.on_unknown == "fail":
            asking.tell("enum-uncovered", f"nothing is said of {_listed(unknown)}; add them, or say on_unknown")
        if extra := [key for key in values if key not in known]:
            asking.tell("enum-extra", f"the schema has no {_listed(extra)}")

    def told(self) -> str:
        named = f"by table {self.table_}" if self.table_ else "by table"
        return (
            named
            + {"fail": "", "pass": ", others as they are", "default": f", others {self.default!r}"}[self.on_unknown]
        )


class Lookup(_Tabled):
    """A value by a table of the manifest, which need not have all that may come."""

    NAME: ClassVar[str] = "lookup"

    table_: Name = Field(alias="table")

    def table(self, tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
        return tables.get(self.table_, {})

    def _check_keys(self, values: Mapping[str, Any], known: list[str], unknown: list[str], asking: Asking) -> None:
        """A look-up may have fewer or more."""

    def told(self) -> str:
        return f"looked up in {self.table_}"


class CrossReference(Transform):
    """An id of one system to the same object's id in another, by what was seen of both; refused if that isn't one id."""

    NAME: ClassVar[str] = "crossref"

    from_: Slug = Field(alias="from")
    to: Slug

    def apply(self, value: Any, at: At) -> Any:
        if at.resolve is None:
            raise RefusedError(f"which {self.to} {self.from_}:{value} is can only be found out by a server")
        found = at.resolve(self.from_, str(value), self.to)
        if len(found) != 1:
            several = f"has several: {', '.join(found[:5])}" if found else "is not known yet"
            raise RefusedError(f"the {self.to} of {self.from_}:{value} {several}")
        return found[0]

    def inverse(self) -> Transform:
        return CrossReference.model_validate({"from": self.to, "to": self.from_})

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", asking=asking, name=self.NAME)
        return shape.made("string")

    def told(self) -> str:
        return f"the {self.to} of this {self.from_}"


def key_of(value: Any) -> str | None:
    """The text under which a table has a value; none for what no table can have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None


def collisions(values: Mapping[str, Any]) -> Iterator[tuple[Any, list[str]]]:
    """Each value that several keys lead to, with them."""
    by_value: dict[str, list[str]] = {}
    for key, value in values.items():
        by_value.setdefault(json.dumps(value), []).append(key)
    return ((json.loads(value), keys) for value, keys in by_value.items() if len(keys) > 1)


def inverted(enum: Enum, values: Mapping[str, Any]) -> Enum | None:
    """The way back, if every value has one: an ambiguous one needs its ``back``."""
    ambiguous = {key_of(value) for value, _ in collisions(values)}
    results = [*values.values(), *([enum.default] if enum.on_unknown == "default" else [])]
    if any(key_of(value) is None for value in results) or ambiguous - enum.back_.keys():
        return None
    kinds = {type(value) for value in results}
    if len(kinds) > 1:
        return None
    of = {bool: "boolean", int: "integer"}.get(next(iter(kinds), str), "string")
    back = {str(key_of(value)): _typed(key, enum.of) for key, value in values.items()} | enum.back_
    unknown = "pass" if enum.on_unknown == "pass" else "fail"
    return Enum.model_validate({"values": back, "of": of, "on_unknown": unknown})


def _typed(key: str, of: str) -> Scalar:
    if of == "boolean":
        return _READ.get(key, False)
    return int(key) if of == "integer" else key


def _keys(shape: Shape) -> list[str] | None:
    if shape.values is not None:
        return [key for value in shape.values if (key := key_of(value)) is not None]
    return ["true", "false"] if shape.only("boolean") else None


def _shape_of(shape: Shape, results: list[Any], *, passed: bool) -> Shape:
    types = {"boolean" if isinstance(one, bool) else "integer" if isinstance(one, int) else "string" for one in results}
    values = tuple(dict.fromkeys(one for one in results if not isinstance(one, dict | list)))
    if passed and shape.types is not None:
        return shape.made(*types, *shape.types)
    return Shape(frozenset(types), shape.nullable or None in results, shape.optional, values=None if passed else values)


def _listed(keys: list[str]) -> str:
    shown = ", ".join(repr(key) for key in keys[:8])
    return f"{shown} and {len(keys) - 8} more" if len(keys) > 8 else shown  # noqa: PLR2004  what a line holds
