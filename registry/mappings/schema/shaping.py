"""What a schema's keywords come to as a ``Shape``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.mappings.schema.nodes import Node, properties
from registry.mappings.shapes import TYPES, Shape


def nullable_node(node: Node) -> bool:
    """Whether null may stand there."""
    for part in node.parts:
        kinds = part.get("type")
        if kinds == "null" or (isinstance(kinds, list) and "null" in kinds) or part.get("nullable") is True:
            return True
    return False


def shape_of_node(node: Node) -> Shape:
    """The parts of a schema hold together: each narrows what the others leave."""
    types: frozenset[str] | None = None
    values: tuple[Any, ...] | None = None
    nullable = True
    texts: dict[str, Any] = {}
    lengths: list[int] = []
    for part in node.parts:
        own, may_be_null = _types(part)
        if own is not None:
            types = own if types is None else _both(types, own)
            nullable = nullable and may_be_null
        listed = (
            part.get("enum") if isinstance(part.get("enum"), list) else [part["const"]] if "const" in part else None
        )
        if listed is not None:
            values = tuple(one for one in listed if one is not None and (values is None or one in values))
            nullable = nullable and None in listed
        if isinstance(part.get("maxLength"), int):
            lengths.append(part["maxLength"])
        for word in ("format", "pattern", "x-unit", "x-zone"):
            if isinstance(part.get(word), str):
                texts.setdefault(word, part[word])
    if types is None and values is not None:
        types = frozenset(_type_of(one) for one in values)
    return Shape(
        types,
        nullable=nullable and types is not None and any("type" in part or "nullable" in part for part in node.parts),
        optional=False,
        format=texts.get("format"),
        values=values,
        max_length=min(lengths, default=None),
        pattern=texts.get("pattern"),
        unit=texts.get("x-unit"),
        zone=texts.get("x-zone"),
        money={name for part in node.parts for name in properties(part)} == {"value", "currency"},
    )


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The types that two lists share; an integer is a number."""
    shared = set(one & other)
    if ("integer" in one and "number" in other) or ("number" in one and "integer" in other):
        shared.add("integer")
    return frozenset(shared)


def _types(part: Mapping[str, Any]) -> tuple[frozenset[str] | None, bool]:
    kinds = part.get("type")
    listed = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else None
    if listed is None:
        if properties(part):
            return frozenset({"object"}), False
        return None, True
    return frozenset(listed) & TYPES, "null" in listed or part.get("nullable") is True


def _type_of(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", str: "string", dict: "object", list: "array"}
    return kinds.get(type(value), "number")


def merged(shapes: list[Shape]) -> Shape:
    """What any of the branches allows."""
    first, *rest = shapes
    for one in rest:
        types = None if first.types is None or one.types is None else first.types | one.types
        nullable = first.nullable or one.nullable
        # A branch that is only null adds no values of its own.
        if one.types == frozenset():
            first = first.but(nullable=nullable or one.nullable)
            continue
        if first.types == frozenset():
            first = one.but(nullable=True)
            continue
        both = first.values is not None and one.values is not None
        lengths = (first.max_length, one.max_length)
        first = Shape(
            types,
            nullable,
            format=first.format if first.format == one.format else None,
            values=tuple(dict.fromkeys((*(first.values or ()), *(one.values or ())))) if both else None,
            max_length=max(length for length in lengths if length is not None) if None not in lengths else None,
            pattern=first.pattern if first.pattern == one.pattern else None,
            unit=first.unit if first.unit == one.unit else None,
            zone=first.zone if first.zone == one.zone else None,
            money=first.money and one.money,
        )
    return first
