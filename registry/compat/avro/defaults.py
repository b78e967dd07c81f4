"""Whether a default is a value of its field's type."""

from __future__ import annotations

from typing import Any, Final

from registry.compat.avro.schema import Array, Enum, Map, Record, Schema, Union

_WHOLE: Final = {"int": 2**31, "long": 2**63}
_PLAIN: Final = {"null": type(None), "boolean": bool, "string": str}
_Known = dict[tuple[int, int], bool]
_BYTE: Final = 0xFF
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})


def valid_default(schema: Schema, value: Any) -> bool:
    """Whether a JSON value may be the default of a field of this type.

    For a union any branch will do (Avro 1.12; before, only the first). A record's field that the value leaves out
    falls back on its own default, which is judged where it stands.
    """
    return _valid(schema, value, {})


def _valid(schema: Schema, value: Any, known: _Known) -> bool:
    """Memoised: a value under unions of records that hold one another would be tried along every way through them."""
    key = (id(schema), id(value))
    if key not in known:
        known[key] = _valid_inside(schema, value, known)
    return known[key]


def _valid_inside(schema: Schema, value: Any, known: _Known) -> bool:
    match schema:
        case Union():
            return any(_valid(branch, value, known) for branch in schema.branches)
        case Array():
            return isinstance(value, list) and all(_valid(schema.items, item, known) for item in value)
        case Map():
            return isinstance(value, dict) and all(_valid(schema.values, item, known) for item in value.values())
        case Enum():
            return value in schema.symbols
        case Record():
            return isinstance(value, dict) and _valid_record(schema, value, known)
        case _:
            return _valid_plain(schema.kind, value)


def _valid_record(schema: Record, value: dict[str, Any], known: _Known) -> bool:
    return all(
        _valid(field.type, value[field.name], known) if field.name in value else field.has_default
        for field in schema.fields
    )


def _valid_plain(kind: str, value: Any) -> bool:
    if kind in _WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and -_WHOLE[kind] <= value < _WHOLE[kind]
    if kind in {"float", "double"}:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number or (isinstance(value, str) and value in _NOT_FINITE)
    if kind in _PLAIN:
        return isinstance(value, _PLAIN[kind])
    # bytes and fixed: each character is one byte
    return isinstance(value, str) and all(ord(character) <= _BYTE for character in value)
