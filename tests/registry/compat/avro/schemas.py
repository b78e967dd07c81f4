"""Small schemas for the resolution tests, named for what they hold."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from registry.compat.avro import compare
from registry.compat.model import Change, Level, Options

OPTIONS = Options(as_of=date(2026, 1, 1))


def changes(old: Any, new: Any) -> list[Change]:
    return compare(json.dumps(old), json.dumps(new), OPTIONS)


def rules(old: Any, new: Any, level: Level = Level.BREAKING) -> list[str]:
    return sorted(change.rule for change in changes(old, new) if change.level is level)


def breaks(old: Any, new: Any) -> list[tuple[str, str]]:
    """(rule, path) of what breaks."""
    return sorted((change.rule, change.path) for change in changes(old, new) if change.level is Level.BREAKING)


def record(*fields: dict[str, Any], name: str = "Record1", **extra: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": list(fields), **extra}


def field(name: str, kind: Any, **extra: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **extra}


def enum(name: str, symbols: str, **extra: Any) -> dict[str, Any]:
    return {"type": "enum", "name": name, "symbols": list(symbols), **extra}


def fixed(name: str, size: int, **extra: Any) -> dict[str, Any]:
    return {"type": "fixed", "name": name, "size": size, **extra}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def mapping(values: Any) -> dict[str, Any]:
    return {"type": "map", "values": values}


def linked(kind: str) -> dict[str, Any]:
    """A list that holds itself."""
    return record(field("head", kind), field("tail", array("List")), name="List")


EMPTY = record()
EMPTY2 = record(name="Record2")
A_INT = record(field("a", "int"))
A_LONG = record(field("a", "long"))
A_DINT = record(field("a", "int", default=0))
A_INT_B_INT = record(field("a", "int"), field("b", "int"))
A_INT_B_DINT = record(field("a", "int"), field("b", "int", default=0))
A_DINT_B_DINT = record(field("a", "int", default=0), field("b", "int", default=0))
ENUM_AB = enum("Enum1", "AB")
ENUM_ABC = enum("Enum1", "ABC")
ENUM_BC = enum("Enum1", "BC")
ENUM2_AB = enum("Enum2", "AB")
