"""AsyncAPI 2 and 3: what every document must have, and what stands where."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from registry.compat.source_map import Document
from registry.schemas.validity.check import Wrong
from registry.schemas.validity.report import told

_TEXT: dict[str, Any] = {"type": "string"}
_ANY_OBJECT: dict[str, Any] = {"type": "object"}
_REFERENCE: dict[str, Any] = {"type": "object", "required": ["$ref"], "properties": {"$ref": _TEXT}}


def _or_reference(part: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [{**part, "not": {"required": ["$ref"]}}, _REFERENCE]}


def _map(part: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": part}


_INFO: dict[str, Any] = {
    "type": "object",
    "required": ["title", "version"],
    "properties": {"title": _TEXT, "version": _TEXT, "description": _TEXT},
}
_COMPONENTS: dict[str, Any] = {"type": "object", "additionalProperties": _ANY_OBJECT}
_COMMON: dict[str, Any] = {"asyncapi": _TEXT, "id": _TEXT, "info": _INFO, "defaultContentType": _TEXT}
_OPERATION_2: dict[str, Any] = {"type": "object", "properties": {"operationId": _TEXT, "message": _ANY_OBJECT}}
_TWO: dict[str, Any] = {
    "required": ["info", "channels"],
    "properties": {
        **_COMMON,
        "servers": _map(
            _or_reference(
                {"type": "object", "required": ["url", "protocol"], "properties": {"url": _TEXT, "protocol": _TEXT}}
            )
        ),
        "channels": _map({"type": "object", "properties": {"publish": _OPERATION_2, "subscribe": _OPERATION_2}}),
        "components": _COMPONENTS,
        "tags": {"type": "array"},
        "externalDocs": _ANY_OBJECT,
    },
}
_THREE: dict[str, Any] = {
    "required": ["info"],
    "properties": {
        **_COMMON,
        "servers": _map(
            _or_reference(
                {"type": "object", "required": ["host", "protocol"], "properties": {"host": _TEXT, "protocol": _TEXT}}
            )
        ),
        "channels": _map(
            _or_reference({"type": "object", "properties": {"address": {"type": ["string", "null"]}, "messages": _ANY_OBJECT}})
        ),
        "operations": _map(
            _or_reference(
                {
                    "type": "object",
                    "required": ["action", "channel"],
                    "properties": {"action": {"enum": ["send", "receive"]}, "channel": _REFERENCE, "messages": {"type": "array"}},
                }
            )
        ),
        "components": _COMPONENTS,
    },
}  # fmt: skip


def wrong(document: Document) -> Iterator[Wrong]:
    """What the structure does not allow."""
    value = document.value
    version = value.get("asyncapi") if isinstance(value, dict) else None
    if isinstance(version, str):  # the comparison says so otherwise
        yield from told(_structure(version.startswith("2.")).iter_errors(value))


@cache
def _structure(two: bool) -> Any:  # noqa: FBT001  # one of two
    shape = {
        "type": "object",
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
        **(_TWO if two else _THREE),
    }
    return jsonschema_rs.Draft202012Validator(shape)
