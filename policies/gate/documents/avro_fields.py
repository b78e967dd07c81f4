"""Fields of Avro records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.gate.documents.found import DEEPEST, Found, first_type

_OWN = frozenset({"name", "type", "doc", "default", "order", "aliases"})


def collect(schema: Any, path: str, found: Found, depth: int = 0) -> None:
    """The fields of all records in a schema."""
    if depth > DEEPEST:
        return
    if isinstance(schema, list):
        for at, one in enumerate(schema):
            collect(one, f"{path}/{at}", found, depth + 1)
        return
    if not isinstance(schema, dict):
        return
    below = schema.get("fields")
    fields = [one for one in below if isinstance(one, dict)] if isinstance(below, list) else []
    names = [str(one.get("name", "")) for one in fields]
    for at, one in enumerate(fields):
        place = f"{path}/fields/{at}"
        found.add(str(one.get("name", "")), place, names, **_described(one))
        collect(one.get("type"), f"{place}/type", found, depth + 1)
    for key in ("items", "values", "type"):
        collect(schema.get(key), f"{path}/{key}", found, depth + 1)


def _described(one: Mapping[str, Any]) -> dict[str, Any]:
    of = first_type(one.get("type"))
    plain = of.get("type", "") if isinstance(of, dict) else of
    return {
        "type": plain if isinstance(plain, str) else "",
        "format": str(of.get("logicalType", "")) if isinstance(of, dict) else "",
        "required": "default" not in one,
        "description": str(one.get("doc") or ""),
        "extensions": {str(key): value for key, value in one.items() if key not in _OWN},
    }
