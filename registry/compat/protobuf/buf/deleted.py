"""What is no longer there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from registry.compat.model import Change
from registry.compat.protobuf.buf.pair import Files
from registry.compat.protobuf.report import Declared
from registry.compat.protobuf.schema import Enum, Message, Range


def deleted(files: Files) -> Iterator[Change]:
    """Types, fields, values, oneofs, calls, reserved numbers."""
    yield from _types(files)
    for before, after in files.messages():
        yield from _fields(files, before, after)
        yield from _oneofs(files, before, after)
        yield from _reserved(files, "reserved-message-no-delete", before, after)
        yield from _ranges(files, before, after)
    for enum, now in files.enums():
        yield from _values(files, enum, now)
        yield from _reserved(files, "reserved-enum-no-delete", enum, now)
    for service, now_service in files.services():
        names = {rpc.name for rpc in now_service.rpcs}
        rpcs = ((f"{service.full_name}.{rpc.name}", rpc) for rpc in service.rpcs if rpc.name not in names)
        yield from _gone(files, "rpc", "rpc-no-delete", rpcs)
    yield from _extensions(files)


def _gone(files: Files, what: str, rule: str, items: Iterable[tuple[str, Declared]]) -> Iterator[Change]:
    for name, item in items:
        yield files.report.change(rule, name, f"the {what} {name} is gone", old=item, values=(name, None))


def _types(files: Files) -> Iterator[Change]:
    """By place in the file, whatever the package, and by full name, if the package is still there."""
    kinds: tuple[tuple[str, Collection[tuple[str, Declared]], Collection[str]], ...] = (
        ("message", files.old.messages.items(), files.new.messages),
        ("enum", files.old.enums.items(), files.new.enums),
        ("service", files.old.services.items(), files.new.services),
    )
    for what, olds, news in kinds:
        places = {files.new.local(name) for name in news}
        lost = [(name, item) for name, item in olds if files.old.local(name) not in places]
        yield from _gone(files, what, f"{what}-no-delete", lost)
        if files.same_package:
            yield from _gone(files, what, f"package-{what}-no-delete", lost)
    if not files.same_package:
        package = files.old.file.package or "(none)"
        yield from _gone(files, "package", "package-no-delete", [(package, files.old.file)])


def _fields(files: Files, before: Message, after: Message) -> Iterator[Change]:
    news = after.by_number()
    for item in before.fields:
        if item.number in news:
            continue
        lost = [(f"{before.full_name}.{item.name}", item)]
        what = f"field (number {item.number})"
        yield from _gone(files, what, "field-no-delete", lost)
        if item.name not in after.reserved.names:
            yield from _gone(files, what, "field-no-delete-unless-name-reserved", lost)
        if not after.reserved.number(item.number):
            yield from _gone(files, what, "field-no-delete-unless-number-reserved", lost)


def _oneofs(files: Files, before: Message, after: Message) -> Iterator[Change]:
    names = {oneof.name for oneof in after.oneofs}
    lost = ((f"{before.full_name}.{oneof.name}", oneof) for oneof in before.oneofs if oneof.name not in names)
    yield from _gone(files, "oneof", "oneof-no-delete", lost)


def _values(files: Files, before: Enum, after: Enum) -> Iterator[Change]:
    numbers = {value.number for value in after.values}
    for value in before.values:
        if value.number in numbers:
            continue
        lost = [(f"{before.full_name}.{value.name}", value)]
        yield from _gone(files, "enum value", "enum-value-no-delete", lost)
        if value.name not in after.reserved.names:
            yield from _gone(files, "enum value", "enum-value-no-delete-unless-name-reserved", lost)
        if not after.reserved.number(value.number):
            yield from _gone(files, "enum value", "enum-value-no-delete-unless-number-reserved", lost)


def _reserved(files: Files, rule: str, before: Message | Enum, after: Message | Enum) -> Iterator[Change]:
    lost = [str(part) for part in before.reserved.ranges if not _covered(part, after.reserved.ranges)]
    lost += sorted(before.reserved.names - after.reserved.names)
    for name in lost:
        message = f"{before.full_name} no longer reserves {name}"
        yield files.report.change(rule, before.full_name, message, old=before, new=after, values=(name, None))


def _covered(part: Range, parts: Sequence[Range]) -> bool:
    """Whether every number of a range is in one of the others, which may lie side by side."""
    start = part.start
    for other in sorted(parts, key=lambda item: item.start):
        if other.start <= start <= other.end:
            start = other.end + 1
    return start > part.end


def _ranges(files: Files, before: Message, after: Message) -> Iterator[Change]:
    for part in before.extension_ranges:
        if not _covered(part, after.extension_ranges):
            message = f"{before.full_name} can no longer be extended with {part}"
            values = (str(part), None)
            yield files.report.change(
                "extension-message-no-delete", before.full_name, message, old=before, new=after, values=values
            )


def _extensions(files: Files) -> Iterator[Change]:
    kept = {(item.extendee, item.number) for item in files.new.file.all_extensions()}
    for item in files.old.file.all_extensions():
        if (item.extendee, item.number) not in kept:
            lost = [(f"{item.extendee}.({item.name})", item)]
            yield from _gone(files, "extension", "extension-no-delete", lost)
            if files.same_package:
                yield from _gone(files, "extension", "package-extension-no-delete", lost)
