"""Changes of messages and enums: which are there, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from registry.compat.model import Change
from registry.compat.protobuf.confluent.fields import field_changes
from registry.compat.protobuf.confluent.oneofs import oneof_changes
from registry.compat.protobuf.index import Index
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import Enum, Field, Message


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


class TypeChanges:
    """Walks both files' messages and enums side by side, found again by their names in the same place."""

    def __init__(self, report: Reporter, old: Index, new: Index) -> None:
        self.report, self.old, self.new = report, old, new

    def messages(self, before: Sequence[Message], after: Sequence[Message], scope: str) -> Iterator[Change]:
        """Messages of one place: removed, added, moved, changed inside."""
        olds, news = _by_name(before), _by_name(after)
        for name, message in olds.items():
            path = f"{scope}{name}"
            if name not in news:
                words = f"message {path} is gone; data of it can't be read any more"
                yield self.report.change("message-removed", path, words, old=message, values=(name, None))
            else:
                yield from self.message(message, news[name], path)
        for name, message in news.items():
            if name not in olds:
                words = f"message {scope}{name} is new"
                yield self.report.change("message-added", f"{scope}{name}", words, new=message, values=(None, name))
        common = [name for name in olds if name in news]
        if common != [name for name in news if name in olds]:
            name = common[0]
            words = "the messages stand in another order; their places in it are others"
            yield self.report.change("message-moved", scope.rstrip("."), words, old=olds[name], new=news[name])

    def message(self, before: Message, after: Message, path: str) -> Iterator[Change]:
        """Fields, oneofs, reserved numbers, and what is nested."""
        yield from self._fields(before, after, path)
        yield from oneof_changes(self.report, before, after, path)
        yield from self._reserved(before, after, path)
        yield from self.messages(before.messages, after.messages, f"{path}.")
        yield from self.enums(before.enums, after.enums, f"{path}.")

    def _fields(self, before: Message, after: Message, path: str) -> Iterator[Change]:
        olds, news = before.by_number(), after.by_number()
        for number, item in olds.items():
            if number in news:
                now = news[number]
                yield from field_changes(self.report, self.old, item, self.new, now, f"{path}.{now.name}")
            elif not item.oneof:
                yield self._removed(item, after, path)
        for number, item in news.items():
            if number not in olds:
                yield from self._added(item, before, path)

    def _removed(self, item: Field, after: Message, path: str) -> Change:
        rule = "required-field-removed" if item.required else "field-removed"
        message = f"field {item.name} ({item.number}) of message {path} is gone"
        if not after.reserved.number(item.number):
            message += f", and {item.number} isn't reserved"
        return self.report.change(rule, f"{path}.{item.name}", message, old=item, values=(item.name, None))

    def _added(self, item: Field, before: Message, path: str) -> Iterator[Change]:
        place = f"{path}.{item.name}"
        if not item.oneof:
            rule = "required-field-added" if item.required else "field-added"
            message = f"message {path} has the new field {item.name} ({item.number})"
            if item.required:
                message += ", which old data lacks though it is required"
            yield self.report.change(rule, place, message, new=item, values=(None, item.name))
        if before.reserved.number(item.number) or item.name in before.reserved.names:
            message = f"the new field {item.name} ({item.number}) of message {path} uses what was reserved"
            yield self.report.change("reserved-reused", place, message, new=item, values=(None, item.name))

    def _reserved(self, before: Message, after: Message, path: str) -> Iterator[Change]:
        used = after.by_number()
        for part in before.reserved.ranges:
            kept = any(other.start <= part.start and part.end <= other.end for other in after.reserved.ranges)
            if not kept and not any(number in part for number in used):
                message = f"message {path} no longer reserves {part}; old data may hold it"
                values = (str(part), None)
                yield self.report.change("reserved-removed", path, message, old=before, new=after, values=values)

    def enums(self, before: Sequence[Enum], after: Sequence[Enum], scope: str) -> Iterator[Change]:
        """Enums of one place, and their values by number."""
        olds, news = _by_name(before), _by_name(after)
        for name, enum in olds.items():
            if name in news:
                yield from self._values(enum, news[name], f"{scope}{name}")
            else:
                words = f"enum {scope}{name} is gone"
                yield self.report.change("enum-removed", f"{scope}{name}", words, old=enum, values=(name, None))
        for name, enum in news.items():
            if name not in olds:
                words = f"enum {scope}{name} is new"
                yield self.report.change("enum-added", f"{scope}{name}", words, new=enum, values=(None, name))

    def _values(self, before: Enum, after: Enum, path: str) -> Iterator[Change]:
        olds = {value.number: value for value in reversed(before.values)}
        news = {value.number: value for value in reversed(after.values)}
        names = {(value.number, value.name) for value in after.values}
        for number in sorted(olds.keys() | news.keys()):
            was, now = olds.get(number), news.get(number)
            values = (was.name if was else None, now.name if now else None)
            if was is None and now is not None:
                rule, words = "enum-const-added", f"enum {path} has the new value {now.name} = {number}"
            elif now is None:
                rule, words = "enum-const-removed", f"enum {path} no longer has {values[0]} = {number}"
            elif was is not None and (number, was.name) not in names:
                rule, words = (
                    "enum-const-changed",
                    f"value {number} of enum {path} is now {now.name}, before: {was.name}",
                )
            else:
                continue
            label = values[1] or values[0]
            yield self.report.change(rule, f"{path}.{label}", words, old=was, new=now, values=values)


def _by_name(items: Sequence[_T]) -> dict[str, _T]:
    return {item.name: item for item in items}
