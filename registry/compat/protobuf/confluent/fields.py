"""Changes of one field, found again by its number."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.model import Change
from registry.compat.protobuf.confluent.types import type_rule, wire_group
from registry.compat.protobuf.index import Index
from registry.compat.protobuf.json_names import json_name
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import Field


def field_changes(report: Reporter, old: Index, before: Field, new: Index, after: Field, path: str) -> Iterator[Change]:
    """Name, type, label and default of a field that both messages have."""
    place = f"field {after.name} ({after.number})"
    if before.name != after.name:
        names = (before.name, after.name)
        message = f"{place} was named {before.name}; binary data doesn't mind, JSON and code do"
        yield report.change("field-name-changed", path, message, old=before, new=after, values=names)
    elif json_name(before) != json_name(after):
        names = (json_name(before), json_name(after))
        message = f"{place} is written as {names[1]} in JSON, before: {names[0]}"
        yield report.change("field-json-name-changed", path, message, old=before, new=after, values=names)
    rule = type_rule(old, before, new, after)
    if rule:
        types = (before.written_type, after.written_type)
        message = f"{place} was of type {types[0]} and is now {types[1]}"
        yield report.change(rule, path, message, old=before, new=after, values=types)
    yield from _label(report, old, before, new, after, path)
    defaults = (before.options.get("default"), after.options.get("default"))
    if defaults[0] != defaults[1]:
        message = f"{place} left out is now read as {_shown(defaults[1])}, before: {_shown(defaults[0])}"
        yield report.change("field-default-changed", path, message, old=before, new=after, values=defaults)


def _shown(value: object) -> str:
    return "its type's zero" if value is None else str(value)


def _label(report: Reporter, old: Index, before: Field, new: Index, after: Field, path: str) -> Iterator[Change]:
    place = f"field {after.name} ({after.number})"
    labels = (_label_of(before), _label_of(after))
    if before.required != after.required:
        rule = "field-became-required" if after.required else "field-became-optional"
        message = f"{place} is now {labels[1]}, before: {labels[0]}"
        yield report.change(rule, path, message, old=before, new=after, values=labels)
    if before.repeated != after.repeated and not before.key and not after.key:
        message = f"{place} is now {labels[1]}, before: {labels[0]}"
        rule = _label_rule(old, before, new, after)
        yield report.change(rule, path, message, old=before, new=after, values=labels)


def _label_rule(old: Index, before: Field, new: Index, after: Field) -> str:
    if not old.is_scalar(before.type) or not new.is_scalar(after.type):
        return "field-message-label-changed"
    if wire_group(old, before.type) == "length and bytes":
        return "field-string-or-bytes-label-changed"
    return "field-numeric-label-changed"


def _label_of(item: Field) -> str:
    return "required" if item.required else "repeated" if item.repeated else "singular"
