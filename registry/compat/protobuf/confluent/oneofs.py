"""Fields that move into, out of and between oneofs.

A reader keeps only the last field of a oneof that it finds in the data. Data written while two fields were free may
hold both, so one of the two is lost once both are in one oneof.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.model import Change
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import Field, Message


def oneof_changes(report: Reporter, before: Message, after: Message, path: str) -> Iterator[Change]:
    """Oneofs that came, went, gained and lost fields."""
    olds = {oneof.name: oneof for oneof in before.oneofs}
    news = {oneof.name: oneof for oneof in after.oneofs}
    for name, oneof in olds.items():
        if name not in news:
            message = f"the oneof {name} is gone"
            yield report.change("oneof-removed", f"{path}.{name}", message, old=oneof, values=(name, None))
        else:
            yield from _lost(report, before, after, name, path)
    for name, new in news.items():
        if name in olds:
            yield from _gained(report, before, after, name, path)
            continue
        moved = _joined(before, after, name)
        if len({home for _, home in moved}) > 1:
            fields = ", ".join(item.name for item, _ in moved)
            message = f"the fields {fields} are now in one oneof, {name}; old data may hold several of them"
            rule = "multiple-fields-moved-to-oneof"
            yield report.change(rule, f"{path}.{name}", message, old=before, new=new, values=(None, fields))
        else:
            yield report.change(
                "oneof-added", f"{path}.{name}", f"the oneof {name} is new", new=new, values=(None, name)
            )


def _joined(before: Message, after: Message, oneof: str) -> list[tuple[Field, str]]:
    """Fields now in the oneof that the old message has elsewhere, each with what it shared its place with there.

    Fields that come from one oneof were never set together, so they may move on together.
    """
    olds = before.by_number()
    mine = [item for item in after.fields if item.oneof == oneof and item.number in olds]
    return [(item, olds[item.number].oneof or f"#{item.number}") for item in mine if olds[item.number].oneof != oneof]


def _lost(report: Reporter, before: Message, after: Message, oneof: str, path: str) -> Iterator[Change]:
    news = after.by_number()
    for item in before.fields:
        now = news.get(item.number)
        if item.oneof == oneof and (now is None or now.oneof != oneof):
            where = "is gone" if now is None else "left the oneof"
            message = f"field {item.name} ({item.number}) of the oneof {oneof} {where}"
            yield report.change(
                "oneof-field-removed", f"{path}.{item.name}", message, old=item, new=now, values=(item.name, None)
            )


def _gained(report: Reporter, before: Message, after: Message, oneof: str, path: str) -> Iterator[Change]:
    olds = before.by_number()
    for item in after.fields:
        if item.oneof == oneof and item.number not in olds:
            message = f"the oneof {oneof} has the new field {item.name} ({item.number})"
            yield report.change("oneof-field-added", f"{path}.{item.name}", message, new=item, values=(None, item.name))
    for item, _ in _joined(before, after, oneof):
        message = f"field {item.name} ({item.number}) moved into the oneof {oneof}, which was there before"
        yield report.change(
            "field-moved-to-existing-oneof",
            f"{path}.{item.name}",
            message,
            old=olds[item.number],
            new=item,
            values=(olds[item.number].oneof or None, oneof),
        )
