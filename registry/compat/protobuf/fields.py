"""Reading fields, and the lists of reserved numbers and names."""

from __future__ import annotations

from typing import Final

from registry.compat.protobuf.options import bracketed_options
from registry.compat.protobuf.schema import Field, Label, Range, Reserved
from registry.compat.protobuf.tokens import Cursor

SCALARS: Final = frozenset(
    {
        "double",
        "float",
        "int32",
        "int64",
        "uint32",
        "uint64",
        "sint32",
        "sint64",
        "fixed32",
        "fixed64",
        "sfixed32",
        "sfixed64",
        "bool",
        "string",
        "bytes",
    }
)
MAX_NUMBER: Final = 2**29 - 1
_LABELS: Final[dict[str, Label]] = {"optional": "optional", "required": "required", "repeated": "repeated"}
_NO_KEYS: Final = frozenset({"double", "float", "bytes"})


def at_map(cursor: Cursor) -> bool:
    """Whether a map field starts here (a message may be called "map" as well)."""
    return cursor.at("map") and cursor.peek(1).text == "<"


def read_label(cursor: Cursor) -> Label:
    """optional, required, repeated, or none."""
    token = cursor.peek()
    if token.kind == "word" and token.text in _LABELS:
        cursor.next()
        return _LABELS[token.text]
    return ""


def read_map(cursor: Cursor, oneof: str) -> Field:
    """``map<key, value> name = number;``."""
    line = cursor.line
    if oneof:
        raise cursor.error("a map may not stand in a oneof", line)
    cursor.expect("map")
    cursor.expect("<")
    key = cursor.name("a key type")
    if key not in SCALARS or key in _NO_KEYS:
        raise cursor.error(f"a map's key may not be {key}", line)
    cursor.expect(",")
    value = cursor.full_name("a value type")
    cursor.expect(">")
    return _tail(cursor, value, line, key=key)


def read_field(cursor: Cursor, label: Label, oneof: str) -> Field:
    """``type name = number [options];`` after its label."""
    line = cursor.line
    return _tail(cursor, cursor.full_name("a field"), line, label=label, oneof=oneof)


def _tail(cursor: Cursor, kind: str, line: int, *, label: Label = "", key: str = "", oneof: str = "") -> Field:
    name = cursor.name("a field name")
    number = read_number(cursor, name)
    options = bracketed_options(cursor)
    cursor.expect(";")
    return Field(name=name, number=number, type=kind, line=line, label=label, key=key, oneof=oneof, options=options)


def read_number(cursor: Cursor, name: str) -> int:
    """``= number`` of a field."""
    cursor.expect("=")
    line = cursor.line
    number = cursor.whole("a field number")
    if not 1 <= number <= MAX_NUMBER:
        raise cursor.error(f"field {name} has the number {number}; field numbers go from 1 to {MAX_NUMBER}", line)
    return number


def read_reserved(cursor: Cursor, before: Reserved, limit: int) -> Reserved:
    """One ``reserved`` statement, added to those before it; ``limit`` is what ``max`` stands for."""
    if cursor.peek().kind == "number" or cursor.at("-"):
        ranges = read_ranges(cursor, limit)
        cursor.expect(";")
        return Reserved(before.ranges + ranges, before.names)
    names = [_reserved_name(cursor)]
    while cursor.accept(","):
        names.append(_reserved_name(cursor))
    cursor.expect(";")
    return Reserved(before.ranges, before.names | set(names))


def _reserved_name(cursor: Cursor) -> str:
    if cursor.peek().kind == "text":
        return cursor.next().text[1:-1]
    return cursor.name("a reserved name or number")


def read_ranges(cursor: Cursor, limit: int) -> tuple[Range, ...]:
    """``1, 5 to 9, 100 to max``."""
    ranges = []
    while True:
        line = cursor.line
        start = cursor.whole("a number")
        end = start
        if cursor.accept("to"):
            end = limit if cursor.accept("max") else cursor.whole("a number")
        if end < start:
            raise cursor.error(f"the range {start} to {end} runs backwards", line)
        ranges.append(Range(start, end))
        if not cursor.accept(","):
            return tuple(ranges)
