"""An Avro schema as values: one class per shape, compared by identity so that recursion can be noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PRIMITIVES: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


@dataclass(frozen=True, slots=True)
class Logical:
    """A logical type that the annotated type can carry; ``precision`` and ``scale`` are those of a decimal."""

    name: str
    precision: int | None = None
    scale: int = 0


@dataclass(eq=False, slots=True, kw_only=True)
class Schema:
    """What every schema has: its Avro type (``kind``) and the JSON Pointer at which it stands."""

    kind: str
    pointer: str
    logical: Logical | None = None


@dataclass(eq=False, slots=True, kw_only=True)
class Array(Schema):
    """A list of one type."""

    items: Schema


@dataclass(eq=False, slots=True, kw_only=True)
class Map(Schema):
    """Text keys to values of one type."""

    values: Schema


@dataclass(eq=False, slots=True, kw_only=True)
class Union(Schema):
    """One of several types; never directly another union."""

    branches: tuple[Schema, ...]


@dataclass(eq=False, slots=True, kw_only=True)
class Named(Schema):
    """A type with a name; ``aliases`` are full names."""

    name: str
    namespace: str
    aliases: tuple[str, ...] = ()
    doc: str | None = None

    @property
    def full_name(self) -> str:
        """The name with its namespace, as in ``com.example.Invoice``."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name


@dataclass(eq=False, slots=True, kw_only=True)
class Field:
    """A record's field. ``default`` means something only if ``has_default``: null is a default too."""

    name: str
    pointer: str
    type: Schema
    aliases: tuple[str, ...] = ()
    has_default: bool = False
    default: Any = None
    doc: str | None = None
    order: str = "ascending"


@dataclass(eq=False, slots=True, kw_only=True)
class Record(Named):
    """Named fields; filled after the record is known by name, since a field may hold the record itself."""

    fields: tuple[Field, ...] = ()
    by_name: Mapping[str, Field] = field(default_factory=dict)


@dataclass(eq=False, slots=True, kw_only=True)
class Enum(Named):
    """One of a list of symbols; ``default`` stands for a symbol that the reader doesn't know."""

    symbols: tuple[str, ...]
    default: str | None = None


@dataclass(eq=False, slots=True, kw_only=True)
class Fixed(Named):
    """So many bytes."""

    size: int


@dataclass(frozen=True, slots=True)
class Use:
    """A schema where it is used: a named type is defined in one place and may be meant in many."""

    schema: Schema
    pointer: str


def describe(schema: Schema) -> str:
    """A schema in a few words, as they stand in a message."""
    match schema:
        case Named():
            return f"{schema.kind} {schema.full_name}"
        case Array():
            return f"array of {describe(schema.items)}"
        case Map():
            return f"map of {describe(schema.values)}"
        case Union():
            return f"union [{', '.join(describe(branch) for branch in schema.branches)}]"
        case _:
            return schema.kind
