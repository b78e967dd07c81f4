"""Which declaration a written type means: the innermost scope that has it, as protoc looks it up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from registry.compat.protobuf.fields import SCALARS
from registry.compat.protobuf.schema import Field, File, Message, Rpc, Service


def resolved(file: File) -> File:
    """The file with full names for all types that it declares; names from elsewhere stay as written, without a dot."""
    names = {message.full_name for message in file.all_messages()} | {enum.full_name for enum in file.all_enums()}
    lookup = _Lookup(names)
    return replace(
        file,
        messages=tuple(lookup.message(message) for message in file.messages),
        services=tuple(lookup.service(service, file.package) for service in file.services),
        extensions=lookup.fields(file.extensions, file.package),
    )


class _Lookup:
    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def name(self, written: str, scope: str) -> str:
        if written in SCALARS:
            return written
        if written.startswith("."):
            return written[1:]
        while True:
            candidate = f"{scope}.{written}" if scope else written
            if candidate in self.names or not scope:
                return candidate
            scope = scope.rpartition(".")[0]

    def fields(self, fields: Iterable[Field], scope: str) -> tuple[Field, ...]:
        return tuple(self.field(item, scope) for item in fields)

    def field(self, item: Field, scope: str) -> Field:
        kind, extendee = self.name(item.type, scope), item.extendee and self.name(item.extendee, scope)
        same = kind == item.type and extendee == item.extendee
        return item if same else replace(item, type=kind, extendee=extendee)

    def message(self, message: Message) -> Message:
        return replace(
            message,
            fields=self.fields(message.fields, message.full_name),
            messages=tuple(self.message(inner) for inner in message.messages),
            extensions=self.fields(message.extensions, message.full_name),
        )

    def service(self, service: Service, package: str) -> Service:
        return replace(service, rpcs=tuple(self.rpc(rpc, package) for rpc in service.rpcs))

    def rpc(self, rpc: Rpc, package: str) -> Rpc:
        return replace(rpc, request=self.name(rpc.request, package), response=self.name(rpc.response, package))
