"""What versions 2 and 3 have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from registry.compat.asyncapi.shapes import Message, Operation, Part
from registry.compat.asyncapi.source import Source

JSON_SCHEMA = "application/vnd.aai.asyncapi"


def bindings(source: Source, part: Part) -> Mapping[str, Any]:
    """The bindings by protocol."""
    value: dict[str, Any] = source.mapping(part, "bindings").value
    return value


def security(source: Source, part: Part) -> tuple[str, ...]:
    """The alternatives of which one must be fulfilled, each as text that can be compared."""
    found = [item.value for item in source.items(source.get(part, "security"))]
    return tuple(sorted(json.dumps(value, sort_keys=True) for value in found))


def with_traits(source: Source, part: Part) -> Part:
    """An operation or message with what its traits add; what it says itself counts."""
    merged: dict[str, Any] = {}
    for trait in source.items(source.get(part, "traits")):
        if isinstance(trait.value, dict):
            merged = _merge(merged, trait.value)
    # Into the document itself, so that schemas that a trait brings along stand at a pointer of their own.
    part.value.update(_merge(merged, part.value))
    return part


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = {**below, **above}
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            merged[key] = _merge(below[key], above[key])
    return merged


def message(source: Source, part: Part, name: str) -> Message:
    """A message; a payload may stand in an object of its own that names its schema's language (version 3)."""
    part = with_traits(source, part)
    # A message in another document can only be compared by what it is called, as a schema there is.
    payload = part if "$ref" in part.value else source.get(part, "payload")
    language = source.text(part, "schemaFormat")
    if payload is not None and isinstance(payload.value, dict) and "schemaFormat" in payload.value:
        language = source.text(payload, "schemaFormat")
        payload = source.get(payload, "schema")
    correlation = source.get(part, "correlationId")
    location = correlation.value.get("location") if correlation and isinstance(correlation.value, dict) else None
    return Message(
        part=part,
        name=source.text(part, "messageId") or source.text(part, "name") or name,
        payload=payload,
        schema_format=language or JSON_SCHEMA,
        headers=_plain(source, source.get(part, "headers")),
        content_type=source.text(part, "contentType"),
        correlation=location,
        bindings=bindings(source, part),
    )


def by_key(operations: Iterable[Operation]) -> Mapping[tuple[str, str, bool], Operation]:
    """Operations by what they do where; several that do the same with other messages count as one with all of them."""
    found: dict[tuple[str, str, bool], Operation] = {}
    for operation in operations:
        known = found.get(operation.key)
        messages = {**known.messages, **operation.messages} if known else operation.messages
        found[operation.key] = replace(known or operation, messages=messages)
    return found


def _plain(source: Source, part: Part | None) -> Part | None:
    if part is not None and isinstance(part.value, dict) and "schemaFormat" in part.value:
        return source.get(part, "schema")
    return part
