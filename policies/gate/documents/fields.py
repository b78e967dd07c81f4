"""The fields of a document, whatever its format."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from policies.gate.documents import avro_fields, graphql_fields, protobuf_fields, schema_fields
from policies.gate.documents.found import Field, Found
from registry.compat.model import DocumentError, Format
from registry.compat.source_map import read_document


@lru_cache(maxsize=64)
def fields_of(of: Format, text: str) -> list[Field]:
    """Every field that a document declares, in its order; nothing of what can't be read. Not to be changed."""
    found = Found()
    if of is Format.GRAPHQL:
        graphql_fields.collect(text, found)
    elif of is Format.PROTOBUF:
        protobuf_fields.collect(text, found)
    else:
        value = value_of(text)
        if of is Format.AVRO:
            avro_fields.collect(value, "", found)
        elif of is Format.JSON_SCHEMA:
            schema_fields.collect(value, "", found)
        else:
            schema_fields.collect_all(value, found)
    return found.fields


def since(fields: list[Field], before: list[Field]) -> list[Field]:
    """The fields, each with whether it was not there before."""
    old = {one["path"] for one in before}
    return [{**one, "added": one["path"] not in old} for one in fields]


def value_of(text: str) -> Any:
    """A JSON or YAML document as plain values; None for what is neither."""
    try:
        return read_document(text, "new").value
    except DocumentError:
        return None
