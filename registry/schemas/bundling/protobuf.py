"""Protobuf: every type that a file uses is declared in it or in what it imports."""

from collections.abc import Iterable, Iterator

from registry.compat.model import DocumentError, Format
from registry.compat.protobuf.fields import SCALARS
from registry.compat.protobuf.parse import parse
from registry.compat.protobuf.schema import File
from registry.schemas.references import Find, Known

_WELL_KNOWN = ("google.protobuf.", "google.type.", "google.api.", "google.rpc.")


def check_types(text: str, imported: Iterable[Known], find: Find) -> None:
    """Raise ``DocumentError`` for the first type that nothing declares."""
    file = parse(text, "new")
    names = set(_declared(file))
    waiting = list(imported)
    seen: set[str] = set()
    while waiting:
        part = waiting.pop()
        if part.format is Format.PROTOBUF and part.text not in seen:
            seen.add(part.text)
            names.update(_declared(parse(part.text, "new")))
            waiting += [found for one in part.references if (found := find(one.subject, one.version))]
    for name, scope, line in _used(file):
        if name not in SCALARS and not name.startswith(_WELL_KNOWN) and not _found(name, scope, names):
            raise DocumentError(f"the type {name!r} is declared neither here nor in what is imported", line=line)


def _declared(file: File) -> Iterator[str]:
    yield from (message.full_name for message in file.all_messages())
    yield from (enum.full_name for enum in file.all_enums())


def _used(file: File) -> Iterator[tuple[str, str, int]]:
    """Each type with the scope in which it stands and its line."""
    for message in file.all_messages():
        for one in message.fields:
            if not one.group:
                yield one.type, message.full_name, one.line
    for service in file.services:
        for rpc in service.rpcs:
            yield rpc.request, file.package, rpc.line
            yield rpc.response, file.package, rpc.line


def _found(name: str, scope: str, names: set[str]) -> bool:
    """As protoc looks it up: from the innermost scope outwards."""
    while True:
        if (f"{scope}.{name}" if scope else name) in names:
            return True
        if not scope:
            return False
        scope = scope.rpartition(".")[0]
