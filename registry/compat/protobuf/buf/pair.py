"""Two files side by side, their types found again by full name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.compat.protobuf.index import Index
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import Enum, Field, Message, Service


@dataclass(frozen=True, slots=True)
class Files:
    """Both files with the reporter that the checks use."""

    report: Reporter
    old: Index
    new: Index

    @property
    def same_package(self) -> bool:
        """Whether the old package is still there; without it nothing in it is looked for."""
        return self.old.file.package == self.new.file.package

    def messages(self) -> Iterator[tuple[Message, Message]]:
        """Messages that both files have."""
        for name, message in self.old.messages.items():
            if name in self.new.messages:
                yield message, self.new.messages[name]

    def enums(self) -> Iterator[tuple[Enum, Enum]]:
        """Enums that both files have."""
        for name, enum in self.old.enums.items():
            if name in self.new.enums:
                yield enum, self.new.enums[name]

    def services(self) -> Iterator[tuple[Service, Service]]:
        """Services that both files have."""
        for name, service in self.old.services.items():
            if name in self.new.services:
                yield service, self.new.services[name]

    def fields(self) -> Iterator[tuple[str, Field, Field]]:
        """(dotted name, old, new) of fields and extensions that both files have, by number."""
        for before, after in self.messages():
            news = after.by_number()
            for item in before.fields:
                if item.number in news:
                    yield f"{after.full_name}.{item.name}", item, news[item.number]
        extensions = {(item.extendee, item.number): item for item in self.new.file.all_extensions()}
        for item in self.old.file.all_extensions():
            if (item.extendee, item.number) in extensions:
                yield f"{item.extendee}.({item.name})", item, extensions[item.extendee, item.number]
