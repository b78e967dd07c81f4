"""The same business objects, written in each language that can be compared but OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from benchmarks.document_model import Field, Model

Json = dict[str, Any]

_PROSE = "What it says of the object at the time of the event, as far as the reader may see it."
_CHOICES = ("open", "paid", "void")
_JSON: Mapping[str, Json] = {
    "text": {"type": "string", "maxLength": 5000},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "choice": {"type": "string", "enum": list(_CHOICES)},
}
_AVRO = {"text": "string", "whole": "long", "number": "double", "flag": "boolean", "choice": "string"}
_PROTOBUF = {"text": "string", "whole": "int64", "number": "double", "flag": "bool", "choice": "Choice"}
_GRAPHQL = {"text": "String", "whole": "Int", "number": "Float", "flag": "Boolean", "choice": "Choice"}


def _schemas(model: Model, place: str) -> Json:
    def of(field: Field) -> Json:
        kind = _JSON.get(field.kind)
        return {"$ref": f"{place}/{field.kind}"} if kind is None else {**kind, "description": _PROSE}

    return {
        name: {
            "type": "object",
            "properties": {key: of(field) for key, field in fields.items()},
            "required": [key for key, field in fields.items() if field.required],
            "additionalProperties": False,
        }
        for name, fields in model.items()
    }


def json_schema(model: Model) -> str:
    """One schema whose definitions are the objects."""
    properties = {name.lower(): {"$ref": f"#/$defs/{name}"} for name in model}
    return _text({"type": "object", "properties": properties, "$defs": _schemas(model, "#/$defs")})


def asyncapi(model: Model) -> str:
    """A channel for each object; the application sends every other one and receives those between."""
    channels = {
        name: {"address": f"{name}.changed", "messages": {name: {"payload": {"$ref": f"#/components/schemas/{name}"}}}}
        for name in model
    }
    operations = {
        f"on{name}": {"action": ("send", "receive")[index % 2], "channel": {"$ref": f"#/channels/{name}"}}
        for index, name in enumerate(model)
    }
    return _text(
        {
            "asyncapi": "3.0.0",
            "info": {"title": "Events", "version": "1.0.0"},
            "channels": channels,
            "operations": operations,
            "components": {"schemas": _schemas(model, "#/components/schemas")},
        }
    )


def avro(model: Model) -> str:
    """One record whose fields define the objects, each where it is first used."""

    def of(key: str, field: Field) -> Json:
        kind = _AVRO.get(field.kind, field.kind)
        # An object that stands in a union would be told of again wherever it is used: one change, many findings.
        plain = field.required or field.kind not in _AVRO
        given = {"type": kind} if plain else {"type": ["null", kind], "default": None}
        return {"name": key, "doc": _PROSE, **given}

    fields = [
        {
            "name": name.lower(),
            "type": {"type": "record", "name": name, "fields": [of(key, field) for key, field in fields.items()]},
        }
        for name, fields in model.items()
    ]
    return _text({"type": "record", "name": "Everything", "fields": fields})


def protobuf(model: Model) -> str:
    """A message for each object."""
    lines = ['syntax = "proto3";', "enum Choice { OPEN = 0; PAID = 1; VOID = 2; }"]
    for name, fields in model.items():
        lines.append(f"message {name} {{")
        for key, field in fields.items():
            label = "" if field.required else "optional "
            lines += [f"  // {_PROSE}", f"  {label}{_PROTOBUF.get(field.kind, field.kind)} {key} = {field.number};"]
        lines.append("}")
    return "\n".join(lines)


def graphql(model: Model) -> str:
    """A type for each object, and a query that reads it."""
    lines = [f"enum Choice {{ {' '.join(choice.upper() for choice in _CHOICES)} }}", "type Query {"]
    lines += [f"  {name.lower()}(id: ID!): {name}" for name in model]
    for name, fields in model.items():
        lines += ["}", f"type {name} {{"]
        for key, field in fields.items():
            kind = _GRAPHQL.get(field.kind, field.kind)
            lines += [f'  "{_PROSE}"', f"  {key}: {kind}{'!' if field.required else ''}"]
    return "\n".join([*lines, "}"])


def _text(document: Json) -> str:
    return orjson.dumps(document).decode()


# By the format's name with underscores: how to write it, and how many objects make about 100 KB.
WRITERS: Mapping[str, tuple[Callable[[Model], str], int]] = {
    "json_schema": (json_schema, 40),
    "avro": (avro, 36),
    "protobuf": (protobuf, 46),
    "graphql": (graphql, 50),
    "asyncapi": (asyncapi, 38),
}
