"""From the text of a .proto file to its compiled form (``FileDescriptorProto``), as clients ask for it."""

import base64
from collections.abc import Callable, Iterable, Mapping

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from registry.compat.model import DocumentError
from registry.compat.protobuf.fields import SCALARS
from registry.compat.protobuf.parse import parse
from registry.compat.protobuf.schema import Enum, Field, File, Message, Service

_LABELS: Mapping[str, FieldDescriptorProto.Label.ValueType] = {
    "": FieldDescriptorProto.LABEL_OPTIONAL,
    "optional": FieldDescriptorProto.LABEL_OPTIONAL,
    "required": FieldDescriptorProto.LABEL_REQUIRED,
    "repeated": FieldDescriptorProto.LABEL_REPEATED,
}
Named = Callable[[str], str]


def encoded(text: str, name: str = "default") -> str:
    """The serialized descriptor of a .proto text, in base64. Raises ``DocumentError``."""
    return base64.b64encode(descriptor(parse(text, "new"), name).SerializeToString()).decode()


def descriptor(file: File, name: str) -> FileDescriptorProto:
    """The descriptor of a parsed file; options that people declare themselves are left out."""
    made = FileDescriptorProto(name=name, package=file.package, dependency=file.imports)
    if file.syntax in {"proto2", "proto3"}:
        made.syntax = file.syntax
    else:
        made.syntax, edition = "editions", f"EDITION_{file.syntax}"
        if edition not in Edition.keys():  # noqa: SIM118  an enum, not a mapping
            raise DocumentError(f"the edition {file.syntax[:20]!r} is not known to Protobuf's own library")
        made.edition = Edition.Value(edition)
    for option, value in file.options.items():
        field = made.options.DESCRIPTOR.fields_by_name.get(option)
        if field is not None and field.enum_type is None and isinstance(value, str | bool):
            setattr(made.options, option, value)
    enums = {enum.full_name for enum in file.all_enums()}
    messages = {message.full_name for message in file.all_messages()}
    writer = _Writer(enums, messages, proto3=file.syntax == "proto3")
    made.enum_type.extend(map(_enum, file.enums))
    made.message_type.extend(map(writer.message, file.messages))
    made.extension.extend(writer.field(one) for one in file.extensions)
    for service in file.services:
        writer.service(made, service)
    return made


class _Writer:
    """``enums`` and ``messages`` are the full names that the file declares; whatever else it uses is imported."""

    def __init__(self, enums: Iterable[str], messages: Iterable[str], *, proto3: bool) -> None:
        self.enums, self.messages, self.proto3 = frozenset(enums), frozenset(messages), proto3

    def message(self, message: Message) -> DescriptorProto:
        made = DescriptorProto(name=message.name, reserved_name=sorted(message.reserved.names))
        for one in message.reserved.ranges:
            made.reserved_range.add(start=one.start, end=one.end + 1)
        for one in message.extension_ranges:
            made.extension_range.add(start=one.start, end=one.end + 1)
        made.nested_type.extend(map(self.message, message.messages))
        made.enum_type.extend(map(_enum, message.enums))
        made.extension.extend(map(self.field, message.extensions))
        oneofs = {one.name: place for place, one in enumerate(message.oneofs)}
        for one_of in message.oneofs:
            made.oneof_decl.add(name=one_of.name)
        for one_field in message.fields:
            field = self.field(one_field)
            if one_field.key:
                entry = self._entry(one_field)
                made.nested_type.append(entry)
                field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, entry.name
                field.label = FieldDescriptorProto.LABEL_REPEATED
            elif one_field.oneof:
                field.oneof_index = oneofs[one_field.oneof]
            made.field.append(field)
        # What is optional in proto3 stands in a oneof of its own, behind all others.
        for field, one_field in zip(made.field, message.fields, strict=True):
            if self.proto3 and one_field.label == "optional":
                field.proto3_optional, field.oneof_index = True, len(made.oneof_decl)
                made.oneof_decl.add(name=f"_{field.name}")
        return made

    def _entry(self, field: Field) -> DescriptorProto:
        name = "".join(part[:1].upper() + part[1:] for part in field.name.split("_"))
        made = DescriptorProto(name=f"{name}Entry")
        made.options.map_entry = True
        key, value = made.field.add(name="key", number=1), made.field.add(name="value", number=2)
        for one, kind in ((key, field.key), (value, field.type)):
            one.label = FieldDescriptorProto.LABEL_OPTIONAL
            self._set_type(one, kind)
        return made

    def field(self, field: Field) -> FieldDescriptorProto:
        made = FieldDescriptorProto(name=field.name, number=field.number, label=_LABELS[field.label])
        self._set_type(made, field.type)
        if field.extendee:
            made.extendee = self._absolute(field.extendee)
        for option, value in field.options.items():
            if option == "default":
                made.default_value = str(value).lower() if isinstance(value, bool) else str(value)
            elif option == "json_name":
                made.json_name = str(value)
            elif option in {"deprecated", "packed", "lazy"} and isinstance(value, bool):
                setattr(made.options, option, value)
        return made

    def _set_type(self, made: FieldDescriptorProto, kind: str) -> None:
        if kind in SCALARS:
            made.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
            return
        made.type_name = self._absolute(kind)
        # Of what is imported it is not known which it is; whoever builds the descriptor finds out.
        if kind in self.enums:
            made.type = FieldDescriptorProto.TYPE_ENUM
        elif kind in self.messages:
            made.type = FieldDescriptorProto.TYPE_MESSAGE

    def _absolute(self, name: str) -> str:
        return f".{name}" if name in self.messages or name in self.enums else name

    def service(self, file: FileDescriptorProto, service: Service) -> None:
        made = file.service.add(name=service.name)
        for rpc in service.rpcs:
            made.method.add(
                name=rpc.name,
                input_type=self._absolute(rpc.request),
                output_type=self._absolute(rpc.response),
                client_streaming=rpc.client_streaming,
                server_streaming=rpc.server_streaming,
            )


def _enum(enum: Enum) -> EnumDescriptorProto:
    made = EnumDescriptorProto(name=enum.name, reserved_name=sorted(enum.reserved.names))
    for one in enum.reserved.ranges:
        made.reserved_range.add(start=one.start, end=one.end)
    for value in enum.values:
        made.value.add(name=value.name, number=value.number)
    if enum.options.get("allow_alias") is True:
        made.options.allow_alias = True
    return made
