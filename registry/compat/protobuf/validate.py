"""What a .proto file may not say: the same name or number twice, a reserved one used, a rule of proto3 broken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from registry.compat.protobuf.schema import Enum, Field, File, Message, Service
from registry.compat.protobuf.tokens import Cursor

_IMPLEMENTATION: Final = range(19_000, 20_000)


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def line(self) -> int: ...


def validate(file: File, cursor: Cursor) -> None:
    """Check a whole file.

    Raises:
        DocumentError: the first rule that is broken.
    """
    declared: list[_Named] = [*file.messages, *file.enums, *file.services]
    _distinct(declared, cursor, "the file")
    for message in file.all_messages():
        _message(message, file, cursor)
    for enum in file.all_enums():
        _enum(enum, file, cursor)
    for service in file.services:
        _service(service, cursor)


def _distinct(declared: Iterable[_Named], cursor: Cursor, where: str) -> None:
    seen: dict[str, int] = {}
    for item in declared:
        if item.name in seen:
            raise cursor.error(f"{where} declares {item.name} twice, first in line {seen[item.name]}", item.line)
        seen[item.name] = item.line


def _message(message: Message, file: File, cursor: Cursor) -> None:
    where = f"message {message.name}"
    declared: list[_Named] = [*message.fields, *message.oneofs, *message.messages, *message.enums]
    _distinct(declared, cursor, where)
    numbers: dict[int, Field] = {}
    for item in message.fields:
        _field(item, message, file, cursor)
        if item.number in numbers:
            raise cursor.error(
                f"fields {numbers[item.number].name} and {item.name} of {where} both have the number {item.number}",
                item.line,
            )
        numbers[item.number] = item
    filled = {item.oneof for item in message.fields}
    for oneof in message.oneofs:
        if oneof.name not in filled:
            raise cursor.error(f"the oneof {oneof.name} of {where} has no fields", oneof.line)


def _field(item: Field, message: Message, file: File, cursor: Cursor) -> None:
    place = f"field {item.name} of message {message.name}"
    if item.number in _IMPLEMENTATION:
        raise cursor.error(f"{place} has the number {item.number}; 19000 to 19999 belong to protobuf itself", item.line)
    if message.reserved.number(item.number):
        raise cursor.error(f"{place} uses the reserved number {item.number}", item.line)
    if item.name in message.reserved.names:
        raise cursor.error(f"{place} uses a reserved name", item.line)
    if file.syntax != "proto2" and item.label == "required":
        raise cursor.error(f"{place} is required, which only proto2 knows", item.line)


def _enum(enum: Enum, file: File, cursor: Cursor) -> None:
    where = f"enum {enum.name}"
    if not enum.values:
        raise cursor.error(f"{where} has no values", enum.line)
    _distinct(enum.values, cursor, where)
    if file.syntax == "proto3" and enum.values[0].number != 0:
        raise cursor.error(f"the first value of {where} must be 0 in proto3", enum.values[0].line)
    seen: dict[int, str] = {}
    for value in enum.values:
        if enum.reserved.number(value.number) or value.name in enum.reserved.names:
            raise cursor.error(f"value {value.name} of {where} uses a reserved name or number", value.line)
        if value.number in seen and enum.options.get("allow_alias") is not True:
            raise cursor.error(
                f"values {seen[value.number]} and {value.name} of {where} share {value.number} without allow_alias",
                value.line,
            )
        seen[value.number] = value.name


def _service(service: Service, cursor: Cursor) -> None:
    _distinct(service.rpcs, cursor, f"service {service.name}")
