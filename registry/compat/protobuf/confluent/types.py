"""Whether a field of one type can be read as another: by what they look like on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.compat.protobuf.index import Index, same_name
from registry.compat.protobuf.schema import Field

_WIRE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "bool"), "varint"),
    **dict.fromkeys(("sint32", "sint64"), "zigzag"),
    **dict.fromkeys(("fixed32", "sfixed32"), "four bytes"),
    **dict.fromkeys(("fixed64", "sfixed64"), "eight bytes"),
    **dict.fromkeys(("string", "bytes"), "length and bytes"),
    "float": "float",
    "double": "double",
}
# From the first to the second every value survives; within a wire group all other ways may lose some.
_WIDER: Final = frozenset(
    {
        ("int32", "int64"),
        ("uint32", "uint64"),
        ("uint32", "int64"),
        ("bool", "int32"),
        ("bool", "int64"),
        ("bool", "uint32"),
        ("bool", "uint64"),
        ("sint32", "sint64"),
        ("string", "bytes"),
        ("enum", "int32"),
        ("enum", "int64"),
    }
)


def wire_group(index: Index, name: str) -> str:
    """The scalar types that are written alike; an enum is a number on the wire."""
    return "varint" if index.is_enum(name) else _WIRE[name]


def type_rule(old: Index, before: Field, new: Index, after: Field) -> str | None:
    """The rule that a change of a field's type falls under, or None if it means the same type.

    A map is compared by key and value; a group is no embedded message on the wire.
    """
    if bool(before.key) != bool(after.key) or before.group != after.group:
        return "field-kind-changed"
    key = _rule(old, before.key, new, after.key) if before.key else None
    if key == "field-scalar-kind-changed":
        return key
    return _rule(old, before.type, new, after.type) or key


def _rule(old: Index, before: str, new: Index, after: str) -> str | None:
    scalars = (old.is_scalar(before), new.is_scalar(after))
    if scalars == (False, False):
        return None if same_name(old, before, new, after) else "field-named-type-changed"
    if scalars != (True, True):
        return "field-kind-changed"
    if wire_group(old, before) != wire_group(new, after):
        return "field-scalar-kind-changed"
    if same_name(old, before, new, after):
        return None
    pair = ("enum" if old.is_enum(before) else before, "enum" if new.is_enum(after) else after)
    return "field-type-widened" if pair in _WIDER else "field-type-narrowed"
