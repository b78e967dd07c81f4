"""A file's declarations by name, and what kind of thing a type's name stands for."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from registry.compat.protobuf.fields import SCALARS
from registry.compat.protobuf.schema import Enum, File, Message, Service

_WELL_KNOWN_ENUMS: Final = frozenset(
    {"google.protobuf.NullValue", "google.protobuf.Syntax", "google.protobuf.Field.Kind"}
)


class Index:
    """One of the two files, with its types by full name."""

    def __init__(self, file: File) -> None:
        self.file = file

    @cached_property
    def messages(self) -> dict[str, Message]:
        """Every message by its full name."""
        return {message.full_name: message for message in self.file.all_messages()}

    @cached_property
    def enums(self) -> dict[str, Enum]:
        """Every enum by its full name."""
        return {enum.full_name: enum for enum in self.file.all_enums()}

    @cached_property
    def services(self) -> dict[str, Service]:
        """Every service by its full name."""
        return {service.full_name: service for service in self.file.services}

    def local(self, full_name: str) -> str:
        """The name within the package for what this file declares; other names as they are."""
        if full_name in self.messages or full_name in self.enums or full_name in self.services:
            return full_name.removeprefix(f"{self.file.package}.") if self.file.package else full_name
        return full_name

    def declares(self, full_name: str) -> bool:
        """Whether the type is this file's own."""
        return full_name in self.messages or full_name in self.enums

    def is_enum(self, full_name: str) -> bool:
        """Whether the type is an enum, as far as this file alone can tell."""
        return full_name in self.enums or full_name in _WELL_KNOWN_ENUMS

    def is_scalar(self, name: str) -> bool:
        """Whether the type is a number, a bool, a string, bytes or an enum."""
        return name in SCALARS or self.is_enum(name)


def same_name(old: Index, old_type: str, new: Index, new_type: str) -> bool:
    """Whether two type names mean one type, apart from the package that the file itself is in.

    Imports aren't read: a name from elsewhere may be written short or in full, so one may be the other's ending.
    """
    before, after = old.local(old_type), new.local(new_type)
    if before == after:
        return True
    if old.declares(old_type) or new.declares(new_type):
        return False
    return before.endswith(f".{after}") or after.endswith(f".{before}")
