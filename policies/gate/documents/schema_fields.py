"""Properties of JSON Schemas, alone or within OpenAPI and AsyncAPI documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policies.gate.documents.found import DEEPEST, Found, escape, first_type

_ONE = frozenset({"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties"})
_SCHEMA = ("type", "properties", "allOf", "anyOf", "oneOf", "items")
_HOLD = frozenset({"schema", "payload", "headers"})
_DATA = frozenset({"example", "examples", "default", "enum", "const"})


def collect_all(value: Any, found: Found) -> None:
    """The fields of every schema of an OpenAPI or AsyncAPI document."""
    for path, schema in _outermost(value, "", 0):
        collect(schema, path, found)


def _outermost(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict | list) or depth > DEEPEST:
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        place = f"{path}/{escape(str(key))}"
        if key in _HOLD and isinstance(below, dict) and any(word in below for word in _SCHEMA):
            yield place, below
        elif key == "schemas" and isinstance(below, dict):
            yield from ((f"{place}/{escape(str(name))}", one) for name, one in below.items())
        elif key not in _DATA:
            yield from _outermost(below, place, depth + 1)


def collect(schema: Any, path: str, found: Found, depth: int = 0) -> None:
    """The properties of a schema and of all schemas within it."""
    if not isinstance(schema, dict) or depth > DEEPEST or found.full:
        return
    _properties(schema, path, found, depth)
    for key, below in schema.items():
        if key in _ONE:
            collect(below, f"{path}/{key}", found, depth + 1)
        elif key in _LISTS and isinstance(below, list):
            for at, one in enumerate(below):
                collect(one, f"{path}/{key}/{at}", found, depth + 1)
        elif key in _MAPS and isinstance(below, dict):
            for name, one in below.items():
                collect(one, f"{path}/{key}/{escape(str(name))}", found, depth + 1)


def _properties(schema: Mapping[str, Any], path: str, found: Found, depth: int) -> None:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    required = schema.get("required")
    required = required if isinstance(required, list) else []
    names = [str(name) for name in properties]
    for name, one in properties.items():
        place = f"{path}/properties/{escape(str(name))}"
        found.add(str(name), place, names, **_described(one), required=name in required)
        collect(one, place, found, depth + 1)


def _described(one: Any) -> dict[str, Any]:
    if not isinstance(one, dict):
        return {}
    of = first_type(one.get("type"))
    return {
        "type": of if isinstance(of, str) else "",
        "format": str(one.get("format") or ""),
        "description": str(one.get("description") or ""),
        "pattern": str(one.get("pattern") or ""),
        "extensions": {str(key): value for key, value in one.items() if str(key).startswith("x-")},
    }
