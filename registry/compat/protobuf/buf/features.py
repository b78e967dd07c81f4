"""What a file's syntax or edition says about a declaration where the declaration itself says nothing."""

from __future__ import annotations

from typing import Any, Final

from registry.compat.protobuf.index import Index
from registry.compat.protobuf.schema import Enum, Field, Message, Options

_DEFAULTS: Final = {
    "field_presence": {"proto2": "EXPLICIT", "proto3": "IMPLICIT"},
    "enum_type": {"proto2": "CLOSED", "proto3": "OPEN"},
    "json_format": {"proto2": "LEGACY_BEST_EFFORT", "proto3": "ALLOW"},
    "utf8_validation": {"proto2": "NONE", "proto3": "VERIFY"},
}
_EDITION: Final = {
    "field_presence": "EXPLICIT",
    "enum_type": "OPEN",
    "json_format": "ALLOW",
    "utf8_validation": "VERIFY",
}


def feature(index: Index, options: Options, name: str) -> Any:
    """A feature's value for a declaration with these options."""
    key = f"features.{name}"
    default = _DEFAULTS[name].get(index.file.syntax, _EDITION[name])
    return options.get(key, index.file.options.get(key, default))


def cardinality(index: Index, item: Field) -> str:
    """How many values a field has, and whether none can be told from zero."""
    if item.key:
        return "a map"
    if item.repeated:
        return "repeated"
    if item.required:
        return "required"
    explicit = item.label == "optional" or item.oneof or item.extendee or not index.is_scalar(item.type)
    if explicit or feature(index, item.options, "field_presence") != "IMPLICIT":
        return "optional with explicit presence"
    return "optional with implicit presence"


def enum_type(index: Index, enum: Enum) -> str:
    """OPEN or CLOSED: whether unknown numbers are kept as values."""
    return str(feature(index, enum.options, "enum_type"))


def json_format(index: Index, item: Enum | Message) -> str:
    """ALLOW, or LEGACY_BEST_EFFORT where JSON isn't promised to work."""
    return str(feature(index, item.options, "json_format"))


def utf8_validation(index: Index, item: Field) -> str:
    """VERIFY or NONE for text; empty for all other types."""
    return str(feature(index, item.options, "utf8_validation")) if item.type == "string" else ""
