"""Reading messages, enums, oneofs and extensions, one inside the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from registry.compat.protobuf.fields import (
    MAX_NUMBER,
    at_map,
    read_field,
    read_label,
    read_map,
    read_number,
    read_ranges,
    read_reserved,
)
from registry.compat.protobuf.options import bracketed_options, option_statement
from registry.compat.protobuf.schema import Enum, EnumValue, Field, Label, Message, Oneof, Range, Reserved
from registry.compat.protobuf.tokens import Cursor

_MAX_DEPTH: Final = 32
_MAX_ENUM: Final = 2**31 - 1
_DECLARING: Final = ("export", "local", "message", "enum", "extend", "option")


class Body:
    """The declarations between a message's braces, or of the file itself, as they come."""

    def __init__(self, cursor: Cursor, scope: str, depth: int = 0) -> None:
        self.cursor = cursor
        self.scope = scope
        self.depth = depth
        self.fields: list[Field] = []
        self.oneofs: list[Oneof] = []
        self.messages: list[Message] = []
        self.enums: list[Enum] = []
        self.extensions: list[Field] = []
        self.extension_ranges: list[Range] = []
        self.reserved = Reserved()
        self.options: dict[str, Any] = {}

    def full(self, name: str) -> str:
        """The full name of something that is declared here."""
        return f"{self.scope}.{name}" if self.scope else name

    def declaration(self) -> bool:
        """Read a message, enum, extend block or option if one starts here."""
        cursor = self.cursor
        if not cursor.at(*_DECLARING):
            return False
        if cursor.at("export", "local") and cursor.peek(1).text in {"message", "enum"}:
            cursor.next()
        follower = cursor.peek(1).kind
        if cursor.at("message") and follower == "word":
            self.messages.append(self.message())
        elif cursor.at("enum") and follower == "word":
            self.enums.append(read_enum(cursor, self))
        elif cursor.at("extend") and follower in {"word", "sign"}:
            self.extend()
        elif cursor.at("option") and (follower == "word" or cursor.peek(1).text == "("):
            cursor.next()
            option_statement(cursor, self.options)
        else:
            return False
        return True

    def message(self) -> Message:
        """``message Name { ... }``."""
        line = self.cursor.line
        self.cursor.expect("message")
        name = self.cursor.name("a message name")
        return self.nested(name, line)

    def nested(self, name: str, line: int) -> Message:
        """The braces of a message or group of this name, and what is between them."""
        if self.depth >= _MAX_DEPTH:
            raise self.cursor.error(f"messages are nested more than {_MAX_DEPTH} levels deep", line)
        inner = Body(self.cursor, self.full(name), self.depth + 1)
        self.cursor.expect("{")
        while not self.cursor.accept("}"):
            inner.statement()
        return Message(
            name=name,
            full_name=self.full(name),
            line=line,
            fields=tuple(inner.fields),
            oneofs=tuple(inner.oneofs),
            messages=tuple(inner.messages),
            enums=tuple(inner.enums),
            extensions=tuple(inner.extensions),
            reserved=inner.reserved,
            extension_ranges=tuple(inner.extension_ranges),
            options=inner.options,
        )

    def statement(self) -> None:
        """Anything that may stand in a message."""
        cursor = self.cursor
        follower = cursor.peek(1)
        if cursor.accept(";") or self.declaration():
            return
        if cursor.at("oneof") and cursor.peek(2).text == "{":
            self.oneof()
        elif cursor.at("reserved") and (follower.kind in {"number", "text"} or cursor.peek(2).text in {",", ";"}):
            cursor.next()
            self.reserved = read_reserved(cursor, self.reserved, MAX_NUMBER)
        elif cursor.at("extensions") and follower.kind == "number":
            cursor.next()
            self.extension_ranges.extend(read_ranges(cursor, MAX_NUMBER))
            bracketed_options(cursor)
            cursor.expect(";")
        else:
            self.fields.append(self.field(""))

    def field(self, oneof: str) -> Field:
        """A field, map or group."""
        if at_map(self.cursor):
            return read_map(self.cursor, oneof)
        line = self.cursor.line
        label = read_label(self.cursor)
        if oneof and label:
            raise self.cursor.error(f"a field in a oneof may not be {label}", line)
        if self.cursor.at("group") and self.cursor.peek(2).text == "=":
            return self.group(label, oneof, line)
        if label and at_map(self.cursor):
            raise self.cursor.error(f"a map may not be {label}", line)
        return read_field(self.cursor, label, oneof)

    def group(self, label: Label, oneof: str, line: int) -> Field:
        """``group Name = 1 { ... }``: a field and its message in one."""
        self.cursor.expect("group")
        name = self.cursor.name("a group name")
        number = read_number(self.cursor, name)
        options = bracketed_options(self.cursor)
        message = self.nested(name, line)
        self.messages.append(message)
        return Field(
            name=name.lower(),
            number=number,
            type=f".{message.full_name}",
            line=line,
            label=label,
            oneof=oneof,
            group=True,
            options=options,
        )

    def oneof(self) -> None:
        """``oneof name { ... }``."""
        line = self.cursor.line
        self.cursor.expect("oneof")
        name = self.cursor.name("a oneof name")
        self.oneofs.append(Oneof(name, line))
        self.cursor.expect("{")
        while not self.cursor.accept("}"):
            if self.cursor.accept("option"):
                option_statement(self.cursor, {})
            elif not self.cursor.accept(";"):
                self.fields.append(self.field(name))

    def extend(self) -> None:
        """``extend Name { ... }``."""
        self.cursor.expect("extend")
        extendee = self.cursor.full_name("the message to extend")
        self.cursor.expect("{")
        while not self.cursor.accept("}"):
            if not self.cursor.accept(";"):
                self.extensions.append(replace(self.field(""), extendee=extendee))


def read_enum(cursor: Cursor, around: Body) -> Enum:
    """``enum Name { ... }``."""
    line = cursor.line
    cursor.expect("enum")
    name = cursor.name("an enum name")
    options: dict[str, Any] = {}
    reserved = Reserved()
    values: list[EnumValue] = []
    cursor.expect("{")
    while not cursor.accept("}"):
        if cursor.accept(";"):
            continue
        value_line = cursor.line
        label = cursor.name("an enum value")
        if label == "option" and not cursor.at("="):
            option_statement(cursor, options)
        elif label == "reserved" and not cursor.at("="):
            reserved = read_reserved(cursor, reserved, _MAX_ENUM)
        else:
            values.append(_enum_value(cursor, label, value_line))
    return Enum(
        name=name, full_name=around.full(name), line=line, values=tuple(values), reserved=reserved, options=options
    )


def _enum_value(cursor: Cursor, label: str, line: int) -> EnumValue:
    cursor.expect("=")
    number = cursor.whole("a number")
    if not -_MAX_ENUM - 1 <= number <= _MAX_ENUM:
        raise cursor.error(f"enum value {label} has the number {number}, which is no 32-bit integer", line)
    bracketed_options(cursor)
    cursor.expect(";")
    return EnumValue(label, number, line)
