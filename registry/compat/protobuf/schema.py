"""What a .proto file declares, as plain values with the line (from 1) of each declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Label = Literal["", "optional", "required", "repeated"]
Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from ``start`` to ``end``, both included."""

    start: int
    end: int

    def __contains__(self, number: int) -> bool:
        return self.start <= number <= self.end

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start} to {self.end}"


@dataclass(frozen=True, slots=True)
class Reserved:
    """Numbers and names that may not be used (again)."""

    ranges: tuple[Range, ...] = ()
    names: frozenset[str] = frozenset()

    def number(self, number: int) -> bool:
        """Whether the number is reserved."""
        return any(number in part for part in self.ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a message, or an extension (then ``extendee`` names the extended message).

    ``type`` is resolved: a scalar's name, or the full name of a message or enum. For a map it is the value's type and
    ``key`` the key's. ``oneof`` names the oneof around it.
    """

    name: str
    number: int
    type: str
    line: int
    label: Label = ""
    key: str = ""
    oneof: str = ""
    extendee: str = ""
    group: bool = False
    options: Options = field(default_factory=dict)

    @property
    def written_type(self) -> str:
        """The type as one would write it."""
        return f"map<{self.key}, {self.type}>" if self.key else self.type

    @property
    def required(self) -> bool:
        """Whether a message without it can't be read."""
        return self.label == "required" or self.options.get("features.field_presence") == "LEGACY_REQUIRED"

    @property
    def repeated(self) -> bool:
        """Whether it may hold several values (a map does)."""
        return self.label == "repeated" or bool(self.key)


@dataclass(frozen=True, slots=True)
class Oneof:
    """Fields of which at most one is set."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A name for a number."""

    name: str
    number: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """Names for numbers; ``full_name`` includes package and outer messages."""

    name: str
    full_name: str
    line: int
    values: tuple[EnumValue, ...]
    reserved: Reserved
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message with all its fields (those in a oneof too) in the order of the text."""

    name: str
    full_name: str
    line: int
    fields: tuple[Field, ...] = ()
    oneofs: tuple[Oneof, ...] = ()
    messages: tuple[Message, ...] = ()
    enums: tuple[Enum, ...] = ()
    extensions: tuple[Field, ...] = ()
    reserved: Reserved = Reserved()
    extension_ranges: tuple[Range, ...] = ()
    options: Options = field(default_factory=dict)

    def by_number(self) -> dict[int, Field]:
        """The fields by their numbers."""
        return {item.number: item for item in self.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rpc:
    """One call of a service; request and response are full names."""

    name: str
    line: int
    request: str
    response: str
    client_streaming: bool
    server_streaming: bool
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Calls under one name."""

    name: str
    full_name: str
    line: int
    rpcs: tuple[Rpc, ...]
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One .proto file; ``syntax`` is proto2, proto3 or the edition (as in 2023)."""

    syntax: str
    package: str
    line: int
    imports: tuple[str, ...] = ()
    options: Options = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    enums: tuple[Enum, ...] = ()
    services: tuple[Service, ...] = ()
    extensions: tuple[Field, ...] = ()

    def all_messages(self) -> Iterator[Message]:
        """Every message, those inside messages too, outer ones first."""
        stack = list(reversed(self.messages))
        while stack:
            message = stack.pop()
            yield message
            stack.extend(reversed(message.messages))

    def all_enums(self) -> Iterator[Enum]:
        """Every enum, those inside messages too."""
        yield from self.enums
        for message in self.all_messages():
            yield from message.enums

    def all_extensions(self) -> Iterator[Field]:
        """Every extension, wherever it is declared."""
        yield from self.extensions
        for message in self.all_messages():
            yield from message.extensions
