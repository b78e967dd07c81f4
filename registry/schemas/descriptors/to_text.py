"""From a compiled file (``FileDescriptorProto``) to the text that says the same; equal descriptors give equal texts."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
)
from google.protobuf.message import DecodeError, Message

from registry.compat.model import DocumentError

_LABELS = {FieldDescriptorProto.LABEL_REPEATED: "repeated ", FieldDescriptorProto.LABEL_REQUIRED: "required "}
_MAX_FIELD, _MAX_ENUM = 536_870_911, 2**31 - 1
_OWN_WORDS = frozenset({"map_entry", "uninterpreted_option", "features", "edition_defaults", "declaration"})


def text_of(encoded: str) -> str:
    """The .proto text of a serialized descriptor in base64. Raises ``DocumentError`` if it is none."""
    try:
        file = FileDescriptorProto.FromString(base64.b64decode(encoded, validate=True))
    except (binascii.Error, DecodeError, ValueError):
        raise DocumentError("it is neither a .proto text nor a serialized file descriptor in base64") from None
    return "\n".join(_file(file)) + "\n"


def _file(file: FileDescriptorProto) -> Iterator[str]:
    syntax = file.syntax or "proto2"
    if syntax == "editions":
        yield f'edition = "{str(file.edition).removeprefix("EDITION_")}";'
    else:
        yield f'syntax = "{syntax}";'
    if file.package:
        yield f"package {file.package};"
    for position, name in enumerate(file.dependency):
        public = "public " if position in file.public_dependency else ""
        yield f"import {public}{json.dumps(name)};"
    for name, value in _options(file.options):
        yield f"option {name} = {value};"
    proto3 = syntax == "proto3"
    for enum in file.enum_type:
        yield from ("", *_enum(enum))
    for message in file.message_type:
        yield from ("", *_message(message, proto3=proto3))
    yield from _extensions(file.extension, proto3=proto3)
    for service in file.service:
        yield from ("", f"service {service.name} {{", *map(_rpc, service.method), "}")


def _message(message: DescriptorProto, *, proto3: bool) -> Iterator[str]:
    entries = {entry.name: entry for entry in message.nested_type if entry.options.map_entry}
    yield f"message {message.name} {{"
    for name, value in _options(message.options):
        yield f"  option {name} = {value};"
    yield from _indented(_reserved(message, _MAX_FIELD))
    for one in message.extension_range:
        yield f"  extensions {_span(one.start, one.end - 1, _MAX_FIELD)};"
    yield from _fields(message, entries, proto3=proto3)
    for enum in message.enum_type:
        yield from _indented(_enum(enum))
    for inner in message.nested_type:
        if inner.name not in entries:
            yield from _indented(_message(inner, proto3=proto3))
    yield from _indented(_extensions(message.extension, proto3=proto3))
    yield "}"


def _fields(message: DescriptorProto, entries: dict[str, DescriptorProto], *, proto3: bool) -> Iterator[str]:
    """In their order; those of a oneof stand together where the first of them does."""
    written: set[int] = set()
    for field in message.field:
        if not _in_oneof(field):
            yield f"  {_field(field, entries, proto3=proto3)}"
        elif field.oneof_index not in written:
            written.add(field.oneof_index)
            yield f"  oneof {message.oneof_decl[field.oneof_index].name} {{"
            for member in message.field:
                if _in_oneof(member) and member.oneof_index == field.oneof_index:
                    yield f"    {_field(member, entries, proto3=True)}"
            yield "  }"


def _in_oneof(field: FieldDescriptorProto) -> bool:
    return field.HasField("oneof_index") and not field.proto3_optional


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" if line else line for line in lines)


def _field(field: FieldDescriptorProto, entries: dict[str, DescriptorProto], *, proto3: bool) -> str:
    entry = entries.get(field.type_name.rpartition(".")[2])
    if field.type == FieldDescriptorProto.TYPE_GROUP:
        raise DocumentError(f"the field {field.name} is a group; write a message in its place")
    if entry is not None and field.label == FieldDescriptorProto.LABEL_REPEATED:
        kind, label = f"map<{_type(entry.field[0])}, {_type(entry.field[1])}>", ""
    else:
        plain = _in_oneof(field) or (proto3 and not field.proto3_optional)
        kind, label = _type(field), _LABELS.get(field.label, "" if plain else "optional ")
    options = [f"{name} = {value}" for name, value in _options(field.options)]
    if field.HasField("default_value"):
        options.insert(0, f"default = {_default(field)}")
    written = f" [{', '.join(options)}]" if options else ""
    return f"{label}{kind} {field.name} = {field.number}{written};"


def _type(field: FieldDescriptorProto) -> str:
    if field.type_name:
        return field.type_name
    return FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()


def _default(field: FieldDescriptorProto) -> str:
    textual = (FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_BYTES)
    return json.dumps(field.default_value, ensure_ascii=False) if field.type in textual else field.default_value


def _enum(enum: EnumDescriptorProto) -> Iterator[str]:
    yield f"enum {enum.name} {{"
    for name, value in _options(enum.options):
        yield f"  option {name} = {value};"
    yield from _indented(_reserved(enum, _MAX_ENUM))
    for one in enum.value:
        options = ", ".join(f"{name} = {value}" for name, value in _options(one.options))
        yield f"  {one.name} = {one.number}{f' [{options}]' if options else ''};"
    yield "}"


def _reserved(declared: DescriptorProto | EnumDescriptorProto, highest: int) -> Iterator[str]:
    # A message's ranges end before their end, an enum's with it.
    beyond = 1 if isinstance(declared, DescriptorProto) else 0
    for one in declared.reserved_range:
        yield f"reserved {_span(one.start, one.end - beyond, highest)};"
    if declared.reserved_name:
        yield f"reserved {', '.join(map(json.dumps, declared.reserved_name))};"


def _span(start: int, end: int, highest: int) -> str:
    return str(start) if start == end else f"{start} to {'max' if end >= highest else end}"


def _extensions(fields: Sequence[FieldDescriptorProto], *, proto3: bool) -> Iterator[str]:
    for field in fields:
        yield from (f"extend {field.extendee} {{", f"  {_field(field, {}, proto3=proto3)}", "}")


def _rpc(method: MethodDescriptorProto) -> str:
    taken = f"{'stream ' if method.client_streaming else ''}{method.input_type}"
    given = f"{'stream ' if method.server_streaming else ''}{method.output_type}"
    options = "".join(f" option {name} = {value};" for name, value in _options(method.options))
    return f"  rpc {method.name} ({taken}) returns ({given}){f' {{{options} }}' if options else ';'}"


def _options(options: Message) -> Iterator[tuple[str, str]]:
    """Protobuf's own options; those that people declare can't be named without their declaration."""
    for field, value in options.ListFields():
        if field.is_extension or field.message_type is not None or field.name in _OWN_WORDS:
            continue
        for one in value if field.is_repeated else [value]:
            yield field.name, _value(field, one)


def _value(field: Any, value: Any) -> str:
    if field.enum_type is not None:
        return str(field.enum_type.values_by_number[value].name)
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
