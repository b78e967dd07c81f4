"""OpenAPI 3.0 and 3.1 against the specification's own JSON Schemas."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from registry.compat.json_lines import escape
from registry.compat.source_map import Document
from registry.schemas.validity.check import Wrong
from registry.schemas.validity.report import told

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def wrong(document: Document) -> Iterator[Wrong]:
    """What the structure does not allow, and operations that share an id."""
    value = document.value
    version = value.get("openapi") if isinstance(value, dict) else None
    if not isinstance(version, str):
        return  # the comparison says that
    yield from told(_structure("3.0" if version.startswith("3.0") else "3.1").iter_errors(value))
    yield from _repeated(value)


@cache
def _structure(version: str) -> Any:
    """The schema as the OpenAPI Initiative publishes it; of its package only that file is wanted, so nothing is imported."""
    found = find_spec("openapi_spec_validator")
    places = found.submodule_search_locations if found else None
    if not places:
        raise ImportError("openapi-spec-validator is not installed")
    path = Path(places[0], "resources", "schemas", f"v{version}", "schema.json")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if version != "3.0":
        # What 3.1 leaves open: its schemas are JSON Schema's.
        schema["$defs"]["schema"] = {"$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema"}
    return jsonschema_rs.validator_for(schema)


def _repeated(value: dict[str, Any]) -> Iterator[Wrong]:
    first: dict[str, str] = {}
    paths = value.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method in METHODS:
            operation = item.get(method) if isinstance(item, dict) else None
            name = operation.get("operationId") if isinstance(operation, dict) else None
            if not isinstance(name, str):
                continue
            pointer = f"/paths/{escape(path)}/{method}/operationId"
            if name in first:
                yield pointer, f"the operationId {name!r} is taken by {first[name]}"
            first.setdefault(name, f"{method.upper()} {path}")
