"""The fields of the types that Avro, Protobuf and GraphQL documents declare, as plain names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graphql import get_named_type, is_input_object_type, is_interface_type, is_object_type

from registry.compat.avro import schema as avro
from registry.compat.avro.parse import parse as parse_avro
from registry.compat.avro.source import Source
from registry.compat.graphql.read import read as read_graphql
from registry.compat.graphql.syntax import Definitions
from registry.compat.model import Format
from registry.compat.protobuf.parse import parse as parse_protobuf

Types = Mapping[str, Mapping[str, Sequence[str]]]
"""Full name of a type -> name of a field -> full names of the types that the field may hold, none for plain values."""


def types_of(of: Format, text: str) -> Types:
    """Every type with its fields. Raises ``DocumentError`` for a text that can't be read."""
    if of is Format.AVRO:
        return _avro(text)
    if of is Format.PROTOBUF:
        messages = parse_protobuf(text, "new").all_messages()
        return {one.full_name: {field.name: (field.type,) for field in one.fields} for one in messages}
    return _graphql(text)


def leads(types: Types, names: Sequence[str]) -> bool:
    """Whether names lead from a type, which may be named first (``Invoice.total``), to one of its fields."""
    return any(_leads(types, [name], rest) for name, rest in _starts(types, names))


def field_names(types: Types) -> list[str]:
    """``Type.field`` for every field, without packages and namespaces."""
    return [f"{name.rpartition('.')[2]}.{field}" for name, fields in types.items() for field in fields]


def _starts(types: Types, names: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each type with what is to be found in it."""
    for name in types:
        yield name, names
        parts = name.split(".")
        for length in range(1, min(len(parts), len(names) - 1) + 1):
            if parts[-length:] == list(names[:length]):
                yield name, names[length:]


def _leads(types: Types, at: Sequence[str], names: Sequence[str]) -> bool:
    for name in names:
        holding = [types[one][name] for one in at if name in types.get(one, {})]
        if not holding:
            return False
        at = [one for inside in holding for one in inside]
    return True


def _avro(text: str) -> Types:
    found: dict[str, dict[str, list[str]]] = {}
    waiting: list[avro.Schema] = [parse_avro(Source(text, "new"))]
    while waiting:
        for record in _records(waiting.pop()):
            if record.full_name not in found:
                found[record.full_name] = {
                    field.name: [inside.full_name for inside in _records(field.type)] for field in record.fields
                }
                waiting += [field.type for field in record.fields]
    return found


def _records(schema: avro.Schema) -> Iterator[avro.Record]:
    """The records that a value may hold, through lists, maps and unions."""
    match schema:
        case avro.Record():
            yield schema
        case avro.Array():
            yield from _records(schema.items)
        case avro.Map():
            yield from _records(schema.values)
        case avro.Union():
            for branch in schema.branches:
                yield from _records(branch)


def _graphql(text: str) -> Types:
    every = read_graphql(text, "new", Definitions()).schema.type_map
    return {
        name: {field: (get_named_type(one.type).name,) for field, one in declared.fields.items()}
        for name, declared in every.items()
        if not name.startswith("__")
        and (is_object_type(declared) or is_interface_type(declared) or is_input_object_type(declared))
    }
