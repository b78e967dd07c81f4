"""Avro: a type that is defined elsewhere is written out where it is first used, as the specification has it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from registry.compat.avro.schema import PRIMITIVES
from registry.compat.model import DocumentError
from registry.compat.source_map import read_document
from registry.schemas.references import Known

_NAMED = frozenset({"record", "error", "enum", "fixed"})


def bundle(text: str, parts: Mapping[tuple[str, int], Known]) -> str:
    """One schema with all types that it uses."""
    elsewhere: dict[str, dict[str, Any]] = {}
    for part in parts.values():
        for name, definition in _definitions(read_document(part.text, "new").value, ""):
            elsewhere.setdefault(name, definition)
    try:
        return json.dumps(_Writer(elsewhere).schema(read_document(text, "new").value, ""), ensure_ascii=False)
    except RecursionError:
        raise DocumentError("it is nested too deeply") from None


def _full_name(node: Mapping[str, Any], namespace: str) -> str:
    name, space = str(node.get("name")), node.get("namespace", namespace)
    return name if "." in name or not space else f"{space}.{name}"


def _definitions(value: Any, namespace: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named type with its full name, outer ones first."""
    stack: list[tuple[Any, str]] = [(value, namespace)]
    while stack:
        node, space = stack.pop()
        if isinstance(node, list):
            stack.extend((item, space) for item in node)
        elif isinstance(node, dict):
            if node.get("type") in _NAMED and isinstance(node.get("name"), str):
                full = _full_name(node, space)
                space = full.rpartition(".")[0]
                yield full, {**node, "name": full.rpartition(".")[2], "namespace": space}
            below = (node.get(key) for key in ("type", "items", "values", "fields"))
            stack.extend((part, space) for part in below if isinstance(part, dict | list))


class _Writer:
    """Goes through a schema in Avro's order; ``defined`` holds the names that stand before the place at hand."""

    def __init__(self, elsewhere: Mapping[str, dict[str, Any]]) -> None:
        self.elsewhere = elsewhere
        self.defined: set[str] = set()

    def schema(self, node: Any, namespace: str) -> Any:
        if isinstance(node, str):
            return self._name(node, namespace)
        if isinstance(node, list):
            return [self.schema(item, namespace) for item in node]
        if not isinstance(node, dict):
            return node
        kind = node.get("type")
        if kind in _NAMED and isinstance(kind, str):
            return self._definition(node, namespace)
        written = dict(node)
        if isinstance(kind, str) and kind not in PRIMITIVES and kind not in {"array", "map"}:
            return self._name(kind, namespace)
        for key in ("type", "items", "values"):
            if key in node and not (key == "type" and isinstance(kind, str)):
                written[key] = self.schema(node[key], namespace)
        return written

    def _definition(self, node: dict[str, Any], namespace: str) -> Any:
        full = _full_name(node, namespace)
        if full in self.defined and full in self.elsewhere:
            return full
        self.defined.add(full)
        fields = node.get("fields")
        if not isinstance(fields, list):
            return node
        space = full.rpartition(".")[0]
        return {**node, "fields": [self._field(field, space) for field in fields]}

    def _field(self, field: Any, namespace: str) -> Any:
        if not isinstance(field, dict) or "type" not in field:
            return field
        return {**field, "type": self.schema(field["type"], namespace)}

    def _name(self, name: str, namespace: str) -> Any:
        if name in PRIMITIVES:
            return name
        candidates = [f"{namespace}.{name}", name] if namespace and "." not in name else [name]
        for full in candidates:
            if full in self.defined:
                return name
            if full in self.elsewhere:
                return self._definition(self.elsewhere[full], "")
        return name
