"""Changes of a record's fields, apart from their types."""

from __future__ import annotations

import json
from collections.abc import Iterator

from registry.compat.avro.report import Reporter
from registry.compat.avro.resolve import writer_fields
from registry.compat.avro.schema import Field, Record
from registry.compat.model import Change


def field_pairs(new: Record, old: Record) -> Iterator[tuple[Field, Field]]:
    """(new field, the one old field that it reads), in the new record's order."""
    for field in new.fields:
        found = writer_fields(field, old)
        if len(found) == 1:
            yield field, found[0]


def record_changes(report: Reporter, new: Record, old: Record) -> Iterator[Change]:
    """Fields that came, went, were renamed, or changed their default, order or doc."""
    read: set[str] = set()
    for field in new.fields:
        found = writer_fields(field, old)
        read.update(source.name for source in found)
        if len(found) > 1:
            yield _ambiguous(report, new, field, old, found)
        elif found:
            yield from _kept(report, new, field, found[0])
        else:
            yield _added(report, new, field, old)
    for field in old.fields:
        if field.name not in read:
            yield report.change(
                "field-removed",
                f"field {field.name} of record {new.full_name} is gone; in old data it is skipped",
                old_path=field.pointer,
                old=field.name,
                arguments=(new.full_name, field.name),
            )


def _added(report: Reporter, record: Record, field: Field, old: Record) -> Change:
    if field.has_default:
        rule = "field-added-with-default"
        message = f"record {record.full_name} has the new field {field.name}; old data is read with its default"
    else:
        rule = "reader-field-missing-default-value"
        message = f"record {record.full_name} has the new field {field.name} without a default: old data lacks it"
    return report.change(
        rule,
        message,
        old_path=None if field.has_default else old.pointer,
        new_path=field.pointer,
        new=field.name,
        arguments=(record.full_name, field.name),
    )


def _ambiguous(report: Reporter, record: Record, field: Field, old: Record, found: list[Field]) -> Change:
    names = [source.name for source in found]
    return report.change(
        "ambiguous-field-alias",
        f"field {field.name} of record {record.full_name} stands for {' and '.join(names)} of the old record at once",
        old_path=old.pointer,
        new_path=field.pointer,
        old=names,
        new=field.name,
        arguments=(record.full_name, field.name, *names),
    )


def _kept(report: Reporter, record: Record, new: Field, old: Field) -> Iterator[Change]:
    place = f"field {new.name} of record {record.full_name}"
    facts = (record.full_name, new.name)
    if new.name != old.name:
        yield report.change(
            "field-renamed",
            f"{place} reads the old field {old.name} by its alias",
            old_path=old.pointer,
            new_path=new.pointer,
            old=old.name,
            new=new.name,
            arguments=(*facts, old.name),
        )
    before, after = _default(old), _default(new)
    if before != after:
        rule = "default-added" if before is None else "default-removed" if after is None else "default-changed"
        yield report.change(
            rule,
            f"the default of {place} is {after or 'gone'}, before: {before or 'none'}",
            old_path=old.pointer,
            new_path=new.pointer,
            old=old.default,
            new=new.default,
            arguments=(*facts, before or "", after or ""),
        )
    if old.order != new.order:
        yield report.change(
            "order-changed",
            f"{place} sorts {new.order}, before: {old.order}",
            old_path=old.pointer,
            new_path=new.pointer,
            old=old.order,
            new=new.order,
            arguments=(*facts, old.order, new.order),
        )
    if old.doc != new.doc:
        yield report.change(
            "doc-changed",
            f"the doc of {place} changed",
            old_path=old.pointer,
            new_path=new.pointer,
            old=old.doc,
            new=new.doc,
            arguments=facts,
        )


def _default(field: Field) -> str | None:
    """The default as text, so that false, 0 and 0.0 are three defaults; None for a field without one."""
    return json.dumps(field.default, sort_keys=True) if field.has_default else None
