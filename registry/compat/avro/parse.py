"""From the JSON of an Avro schema to its values, checked on the way as the specification asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from registry.compat.avro.defaults import valid_default
from registry.compat.avro.logical import read_logical
from registry.compat.avro.named import read_enum, read_field, read_fixed, read_header
from registry.compat.avro.names import lookup
from registry.compat.avro.schema import PRIMITIVES, Array, Field, Map, Named, Record, Schema, Union, describe
from registry.compat.avro.source import Source

_NAMED: Final = frozenset({"record", "error", "enum", "fixed"})


def parse(source: Source) -> Schema:
    """The schema of a document.

    Raises:
        DocumentError: the document is no valid Avro schema; says which document, where and what.
    """
    parser = _Parser(source)
    schema = parser.schema(source.value, "", "")
    for field in parser.defaults:
        if not valid_default(field.type, field.default):
            raise source.error(
                f"{field.pointer}/default",
                f"the default {field.default!r} of field {field.name!r} is not a value of {describe(field.type)}",
            )
    return schema


class _Parser:
    """The names known so far, and the defaults to be judged once every type is complete."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names: dict[str, Named] = {}
        self.defaults: list[Field] = []

    def schema(self, node: Any, pointer: str, namespace: str) -> Schema:
        """One schema wherever it may stand; ``namespace`` encloses it."""
        if isinstance(node, str):
            return self._reference(node, pointer, namespace)
        if isinstance(node, list):
            return self._union(node, pointer, namespace)
        if not isinstance(node, dict):
            raise self.source.error(pointer, f"a schema is a name, an object or a list, not {node!r}")
        if "type" not in node:
            raise self.source.error(pointer, "a schema object needs a type")
        kind = node["type"]
        if not isinstance(kind, str):  # {"type": {"type": "string"}} is one wrapper too many, but clear
            return self.schema(kind, f"{pointer}/type", namespace)
        return self._typed(kind, node, pointer, namespace)

    def _typed(self, kind: str, node: Mapping[str, Any], pointer: str, namespace: str) -> Schema:
        """A schema object whose type is a word: one of Avro's, or the name of a type defined before."""
        if kind in PRIMITIVES:
            return Schema(kind=kind, pointer=pointer, logical=read_logical(kind, node))
        if kind == "array":
            return Array(kind=kind, pointer=pointer, items=self._part(node, pointer, "items", namespace))
        if kind == "map":
            return Map(kind=kind, pointer=pointer, values=self._part(node, pointer, "values", namespace))
        if kind in _NAMED:
            return self._named(kind, node, pointer, namespace)
        return self._reference(kind, pointer, namespace)

    def _part(self, node: Mapping[str, Any], pointer: str, key: str, namespace: str) -> Schema:
        if key not in node:
            raise self.source.error(pointer, f"{node['type']} needs {key}")
        return self.schema(node[key], f"{pointer}/{key}", namespace)

    def _reference(self, name: str, pointer: str, namespace: str) -> Schema:
        if name in PRIMITIVES:
            return Schema(kind=name, pointer=pointer)
        found = lookup(self.names, name, namespace)
        if found is None:
            raise self.source.error(pointer, f"the type {name!r} is not defined before it is used")
        return found

    def _union(self, nodes: list[Any], pointer: str, namespace: str) -> Union:
        branches: list[Schema] = []
        seen: set[str] = set()
        for index, node in enumerate(nodes):
            here = f"{pointer}/{index}"
            branch = self.schema(node, here, namespace)
            if isinstance(branch, Union):
                raise self.source.error(here, "a union may not hold another union directly")
            key = branch.full_name if isinstance(branch, Named) else branch.kind
            if key in seen:
                raise self.source.error(here, f"the union holds {key} twice")
            seen.add(key)
            branches.append(branch)
        return Union(kind="union", pointer=pointer, branches=tuple(branches))

    def _named(self, kind: str, node: Mapping[str, Any], pointer: str, enclosing: str) -> Named:
        header = read_header(self.source, pointer, node, enclosing)
        if kind == "enum":
            return self._define(read_enum(self.source, header, node))
        if kind == "fixed":
            return self._define(read_fixed(self.source, header, node))
        record = Record(
            kind="record",
            pointer=pointer,
            name=header.name,
            namespace=header.namespace,
            aliases=header.aliases,
            doc=header.doc,
        )
        self._define(record)
        record.fields = self._fields(node, pointer, record.namespace)
        record.by_name = {field.name: field for field in record.fields}
        return record

    def _define(self, schema: Named) -> Named:
        if schema.full_name in self.names:
            first = self.names[schema.full_name].pointer or "/"
            raise self.source.error(schema.pointer, f"{schema.full_name} is already defined at {first}")
        self.names[schema.full_name] = schema
        return schema

    def _fields(self, node: Mapping[str, Any], pointer: str, namespace: str) -> tuple[Field, ...]:
        nodes = node.get("fields")
        if not isinstance(nodes, list):
            raise self.source.error(pointer, "a record needs a list of fields")
        fields: dict[str, Field] = {}
        for index, item in enumerate(nodes):
            here = f"{pointer}/fields/{index}"
            field = self._field(item, here, namespace)
            if field.name in fields:
                raise self.source.error(here, f"the field {field.name!r} is there twice")
            fields[field.name] = field
        return tuple(fields.values())

    def _field(self, node: Any, pointer: str, namespace: str) -> Field:
        if not isinstance(node, dict) or "name" not in node or "type" not in node:
            raise self.source.error(pointer, "a field is an object with a name and a type")
        schema = self.schema(node["type"], f"{pointer}/type", namespace)
        field = read_field(self.source, pointer, node, schema)
        if field.has_default:
            self.defaults.append(field)
        return field
