"""What must stay as it is in a field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.compat.model import Change
from registry.compat.protobuf.buf.features import cardinality, utf8_validation
from registry.compat.protobuf.buf.pair import Files
from registry.compat.protobuf.index import Index
from registry.compat.protobuf.json_names import json_name
from registry.compat.protobuf.schema import Field

_WIRE: Final = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "bool"), "varint"),
    **dict.fromkeys(("sint32", "sint64"), "zigzag"),
    **dict.fromkeys(("fixed32", "sfixed32"), "four bytes"),
    **dict.fromkeys(("fixed64", "sfixed64"), "eight bytes"),
}
_WIRE_JSON: Final = {
    **dict.fromkeys(("int32", "uint32"), "number"),
    **dict.fromkeys(("int64", "uint64"), "number as text"),
    **dict.fromkeys(("fixed32", "sfixed32"), "four bytes"),
    **dict.fromkeys(("fixed64", "sfixed64"), "eight bytes"),
}


def fields(files: Files) -> Iterator[Change]:
    """Every fact of every field that both files have, each under the rules that look at it."""
    for path, before, after in files.fields():
        for rule, what, was, now in _facts(files, before, after):
            if was != now:
                message = f"the {what} of field {before.name} ({before.number}) was {was} and is now {now}"
                yield files.report.change(rule, path, message, old=before, new=after, values=(was, now))
        yield from _types(files, path, before, after)


def _facts(files: Files, before: Field, after: Field) -> Iterator[tuple[str, str, str, str]]:
    """(rule, what, old value, new value)."""
    yield "field-same-name", "name", before.name, after.name
    yield "field-same-json-name", "JSON name", json_name(before), json_name(after)
    yield "field-same-oneof", "oneof", before.oneof or "none", after.oneof or "none"
    yield "field-same-default", "default", *_options("default", "none", before, after)
    yield "field-same-jstype", "jstype", *_options("jstype", "JS_NORMAL", before, after)
    yield "field-same-cpp-string-type", "ctype", *_options("ctype", "STRING", before, after)
    utf8 = (utf8_validation(files.old, before), utf8_validation(files.new, after))
    if all(utf8):
        yield "field-same-utf8-validation", "UTF-8 validation", *utf8
    java = "features.(pb.java).utf8_validation"
    yield "field-same-java-utf8-validation", "UTF-8 validation in Java", *_options(java, "DEFAULT", before, after)
    counts = (cardinality(files.old, before), cardinality(files.new, after))
    yield "field-same-cardinality", "cardinality", *counts
    if _shape(counts[0]) != _shape(counts[1]):
        yield "field-wire-json-compatible-cardinality", "cardinality", *counts
    if (_shape(counts[0]) == "one value") != (_shape(counts[1]) == "one value"):
        yield "field-wire-compatible-cardinality", "cardinality", *counts


def _options(name: str, default: str, before: Field, after: Field) -> tuple[str, str]:
    return str(before.options.get(name, default)), str(after.options.get(name, default))


def _shape(count: str) -> str:
    """One value, a list or a map; whether one value must be there is looked at by message."""
    return count if count in {"repeated", "a map"} else "one value"


def _types(files: Files, path: str, before: Field, after: Field) -> Iterator[Change]:
    was, now = before.written_type, after.written_type
    if was == now and before.group == after.group:
        return
    rules = ["field-same-type"]
    if not _compatible(files, before, after, _WIRE):
        rules.append("field-wire-compatible-type")
    if not _compatible(files, before, after, _WIRE_JSON):
        rules.append("field-wire-json-compatible-type")
    message = f"the type of field {before.name} ({before.number}) was {was} and is now {now}"
    for rule in rules:
        yield files.report.change(rule, path, message, old=before, new=after, values=(was, now))


def _compatible(files: Files, before: Field, after: Field, groups: dict[str, str]) -> bool:
    if before.group != after.group or _group(before.key, groups) != _group(after.key, groups):
        return False
    was, now = before.type, after.type
    if was == now:
        return True
    if files.old.is_enum(was) and files.new.is_enum(now):
        return _enum_within(files.old, was, files.new, now)
    if groups is _WIRE and (was, now) == ("string", "bytes"):
        return True
    return was in groups and _group(was, groups) == _group(now, groups)


def _group(name: str, groups: dict[str, str]) -> str:
    return groups.get(name, name)


def _enum_within(old: Index, was: str, new: Index, now: str) -> bool:
    """Whether every value of one enum is in the other, by name and number."""
    if was not in old.enums or now not in new.enums:
        return False
    before = {(value.name, value.number) for value in old.enums[was].values}
    return before <= {(value.name, value.number) for value in new.enums[now].values}
