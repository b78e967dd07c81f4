"""Our parser against protoc: the .proto files of Google's common APIs beside the descriptors that protoc made of them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import google.api
import pytest
from google.protobuf import descriptor_pb2

from registry.compat.protobuf.fields import SCALARS
from registry.compat.protobuf.parse import parse
from registry.compat.protobuf.schema import Enum, Field, File, Message, Service

ROOT = Path(next(iter(google.api.__path__))).parents[1]
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "google").rglob("*.proto"))
Proto = descriptor_pb2.FieldDescriptorProto
SCALAR_TYPES = {getattr(Proto, f"TYPE_{name.upper()}"): name for name in SCALARS}


def described(path: str) -> descriptor_pb2.FileDescriptorProto:
    module = importlib.import_module(path.removesuffix(".proto").replace("/", ".") + "_pb2")
    found = descriptor_pb2.FileDescriptorProto()
    module.DESCRIPTOR.CopyToProto(found)
    return found


def entry_of(proto: Any, messages: list[Any]) -> Any:
    name = proto.type_name.rpartition(".")[2]
    return next((m for m in messages if m.name == name and m.options.map_entry), None)


def field_facts(proto: Any, oneofs: list[Any], messages: list[Any]) -> tuple[Any, ...]:
    entry = entry_of(proto, messages)
    kind = type_of(entry.field[1] if entry else proto)
    key = type_of(entry.field[0]) if entry else ""
    oneof = oneofs[proto.oneof_index].name if proto.HasField("oneof_index") and not proto.proto3_optional else ""
    repeated = proto.label == Proto.LABEL_REPEATED
    return (proto.name, proto.number, kind, key, oneof, repeated, proto.options.deprecated)


def type_of(proto: Any) -> str:
    return SCALAR_TYPES.get(proto.type) or str(proto.type_name).removeprefix(".")


def our_field(item: Field) -> tuple[Any, ...]:
    deprecated = item.options.get("deprecated", False)
    return (item.name, item.number, item.type, item.key, item.oneof, item.repeated, deprecated)


def enum_facts(proto: Any) -> tuple[Any, ...]:
    return (proto.name, [(value.name, value.number) for value in proto.value], sorted(proto.reserved_name))


def our_enum(item: Enum) -> tuple[Any, ...]:
    return (item.name, [(value.name, value.number) for value in item.values], sorted(item.reserved.names))


def message_facts(proto: Any) -> tuple[Any, ...]:
    nested = [message for message in proto.nested_type if not message.options.map_entry]
    synthetic = {f.oneof_index for f in proto.field if f.proto3_optional}
    return (
        proto.name,
        [field_facts(item, proto.oneof_decl, proto.nested_type) for item in proto.field],
        [item.name for index, item in enumerate(proto.oneof_decl) if index not in synthetic],
        [(part.start, part.end - 1) for part in proto.reserved_range],
        sorted(proto.reserved_name),
        [message_facts(message) for message in nested],
        [enum_facts(enum) for enum in proto.enum_type],
    )


def our_message(item: Message) -> tuple[Any, ...]:
    return (
        item.name,
        [our_field(field) for field in item.fields],
        [oneof.name for oneof in item.oneofs],
        [(part.start, part.end) for part in item.reserved.ranges],
        sorted(item.reserved.names),
        [our_message(message) for message in item.messages],
        [our_enum(enum) for enum in item.enums],
    )


def service_facts(proto: Any) -> tuple[Any, ...]:
    calls = [
        (m.name, m.input_type[1:], m.output_type[1:], m.client_streaming, m.server_streaming) for m in proto.method
    ]
    return (proto.name, calls)


def our_service(item: Service) -> tuple[Any, ...]:
    calls = [(r.name, r.request, r.response, r.client_streaming, r.server_streaming) for r in item.rpcs]
    return (item.name, calls)


def ours(file: File) -> dict[str, Any]:
    return {
        "package": file.package,
        "syntax": file.syntax,
        "imports": list(file.imports),
        "go": file.options.get("go_package", ""),
        "messages": [our_message(item) for item in file.messages],
        "enums": [our_enum(item) for item in file.enums],
        "services": [our_service(item) for item in file.services],
        "extensions": [(item.name, item.number, item.extendee) for item in file.extensions],
    }


def theirs(proto: Any) -> dict[str, Any]:
    return {
        "package": proto.package,
        "syntax": proto.syntax or "proto2",
        "imports": list(proto.dependency),
        "go": proto.options.go_package,
        "messages": [message_facts(item) for item in proto.message_type],
        "enums": [enum_facts(item) for item in proto.enum_type],
        "services": [service_facts(item) for item in proto.service],
        "extensions": [(item.name, item.number, item.extendee[1:]) for item in proto.extension],
    }


def imported(ours: Any, theirs: Any) -> Any:
    """Theirs, with the short name of an imported type where we have only that: we don't read imports."""
    if isinstance(theirs, list | tuple):
        pairs = zip(ours, theirs, strict=True) if len(ours) == len(theirs) else ()
        return type(theirs)(imported(one, other) for one, other in pairs)
    short = isinstance(theirs, str) and isinstance(ours, str) and "." not in ours and theirs.endswith(f".{ours}")
    return ours if short else theirs


@pytest.mark.parametrize("path", FILES)
def test_we_read_a_file_as_protoc_does(path: str) -> None:
    read, expected = ours(parse((ROOT / path).read_text(encoding="utf-8"), "new")), theirs(described(path))
    expected["messages"] = imported(read["messages"], expected["messages"])
    assert read == expected


def test_the_corpus_is_there() -> None:
    assert len(FILES) > 50
