"""A "compatible" is tried against an independent reader: what was written with the old schema must be readable.

fastavro, the reader, is looser than the specification in that it lets a union's branch through on kind and name
alone and finds out later; and it takes the first such branch. The schemas here give each type a name of its own, so
both roads lead to the same branch.
"""

from __future__ import annotations

import io
import json
from typing import Any

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from registry.compat.avro.parse import parse
from registry.compat.avro.schema import Array, Enum, Field, Fixed, Map, Record, Schema, Union
from registry.compat.avro.source import Source
from tests.registry.compat.avro.evolutions import changed, schemas
from tests.registry.compat.avro.schemas import rules

PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "bytes": st.binary(max_size=4).map(lambda value: bytes(byte & 0x7F for byte in value)),
    "string": st.text(max_size=4, alphabet="abä"),
}


def value(draw: st.DrawFn, schema: Schema, depth: int = 4) -> Any:
    match schema:
        case Record():
            return {field.name: field_value(draw, field, depth - 1) for field in schema.fields}
        case Enum() | Fixed():
            return leaf_value(draw, schema)
        case Array():
            return [value(draw, schema.items, depth - 1) for _ in range(draw(st.integers(0, 2)) if depth > 0 else 0)]
        case Map():
            return {
                k: value(draw, schema.values, depth - 1) for k in ("k", "l")[: draw(st.integers(0, 2 * (depth > 0)))]
            }
        case Union():
            return union_value(draw, schema, depth)
        case _:
            return draw(PLAIN[schema.kind])


def leaf_value(draw: st.DrawFn, schema: Enum | Fixed) -> Any:
    if isinstance(schema, Enum):
        return draw(st.sampled_from(schema.symbols))
    return draw(st.binary(min_size=schema.size, max_size=schema.size))


def field_value(draw: st.DrawFn, field: Field, depth: int) -> Any:
    if field.name == "again" and depth <= 0:
        return None
    return value(draw, field.type, depth)


def union_value(draw: st.DrawFn, schema: Union, depth: int) -> Any:
    branch = draw(st.sampled_from(schema.branches))
    name = branch.full_name if isinstance(branch, Record | Enum | Fixed) else branch.kind
    return (name, value(draw, branch, depth - 1))


@st.composite
def evolutions(draw: st.DrawFn) -> tuple[Any, Any, list[Any]]:
    old = draw(schemas())
    new = draw(changed(old))
    writer = parse(Source(json.dumps(old), "old"))
    return old, new, [value(draw, writer) for _ in range(3)]


def read_back(old: Any, new: Any, datum: Any) -> None:
    buffer = io.BytesIO()
    writer, reader = parse_schema(json.loads(json.dumps(old))), parse_schema(json.loads(json.dumps(new)))
    schemaless_writer(buffer, writer, datum)
    buffer.seek(0)
    schemaless_reader(buffer, writer, reader)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(evolutions())
def test_no_witness_against_a_compatible_verdict(evolution: tuple[Any, Any, list[Any]]) -> None:
    old, new, data = evolution
    assume(old != new)
    found = rules(old, new)
    event("breaking" if found else "compatible")
    if not found:
        for datum in data:
            read_back(old, new, datum)
