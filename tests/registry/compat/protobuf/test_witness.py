"""Verdicts tried on real bytes: what protobuf's own runtime wrote with the old file, it reads with the new one.

A change without a breaking rule and without a warning must leave every value that both files know as it was.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from registry.compat.model import Change, Level
from registry.compat.protobuf.parse import parse
from registry.compat.protobuf.schema import Field, File
from tests.registry.compat.protobuf.support import changes

Proto = descriptor_pb2.FieldDescriptorProto
NUMBERS: dict[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
    "sint32": (-(2**31), 2**31 - 1),
    "sint64": (-(2**63), 2**63 - 1),
    "fixed32": (0, 2**32 - 1),
    "fixed64": (0, 2**64 - 1),
    "sfixed32": (-(2**31), 2**31 - 1),
    "sfixed64": (-(2**63), 2**63 - 1),
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.integers(*bounds) for name, bounds in NUMBERS.items()},
    "bool": st.booleans(),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "string": st.text(max_size=5),
    "bytes": st.binary(max_size=5),
    "E": st.integers(0, 1),
}
HEAD = 'syntax = "proto3"; package p; enum E { ZERO = 0; ONE = 1; } message M {'


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Fields with few numbers and many types, some in a oneof."""
    plain, inside = [], []
    for number in draw(st.lists(st.integers(1, 4), unique=True, min_size=1)):
        kind = draw(st.sampled_from(sorted(VALUES)))
        place = draw(st.sampled_from(["plain", "plain", "repeated ", "oneof"]))
        text = f"{place if place == 'repeated ' else ''}{kind} f{number} = {number};"
        (inside if place == "oneof" else plain).append(text)
    oneof = f"oneof o {{ {' '.join(inside)} }}" if inside else ""
    return f"{HEAD} {' '.join(plain)} {oneof} }}"


def message_class(file: File) -> Any:
    """A class for the first message, made from our own reading of the text."""
    proto = descriptor_pb2.FileDescriptorProto(name="m.proto", package="p", syntax="proto3")
    enum = proto.enum_type.add(name="E")
    for value in file.enums[0].values:
        enum.value.add(name=value.name, number=value.number)
    message = proto.message_type.add(name="M")
    for oneof in file.messages[0].oneofs:
        message.oneof_decl.add(name=oneof.name)
    for item in file.messages[0].fields:
        target = message.field.add(name=item.name, number=item.number)
        target.label = Proto.LABEL_REPEATED if item.repeated else Proto.LABEL_OPTIONAL
        target.type = Proto.TYPE_ENUM if item.type == "p.E" else getattr(Proto, f"TYPE_{item.type.upper()}")
        if item.type == "p.E":
            target.type_name = ".p.E"
        if item.oneof:
            target.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(proto)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("p.M"))


def filled(draw: st.DrawFn, file: File) -> Any:
    message = message_class(file)()
    for item in file.messages[0].fields:
        values = VALUES[item.type.removeprefix("p.")]
        if item.repeated:
            getattr(message, item.name).extend(draw(st.lists(values, max_size=3)))
        elif draw(st.booleans()):
            setattr(message, item.name, draw(values))
    return message


@st.composite
def evolutions(draw: st.DrawFn) -> tuple[str, str, Any]:
    old, new = draw(bodies()), draw(bodies())
    if draw(st.booleans()):  # one field retyped, or made a list: the change that people ask about
        kinds = st.sampled_from(sorted(VALUES))
        new = old.replace(f"{draw(kinds)} f1", f"{draw(kinds)} f1", 1)
    return old, new, filled(draw, parse(old, "old"))


def plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode()
    return list(map(plain, value)) if hasattr(value, "append") else value


def comparable(found: list[Change], item: Field) -> bool:
    """A changed label keeps the data readable, not the same."""
    return not any(change.path == f"M.{item.name}" and "label" in change.rule for change in found)


@settings(max_examples=100, deadline=None)
@given(evolutions())
def test_compatible_files_read_the_same_values(evolution: tuple[str, str, Any]) -> None:
    old_text, new_text, written = evolution
    assume(old_text != new_text)
    found = changes(old_text, new_text)
    assume(all(change.level is Level.INFO for change in found))
    event(", ".join(sorted({change.rule for change in found})))
    read = message_class(parse(new_text, "new")).FromString(written.SerializeToString())
    olds = parse(old_text, "old").messages[0].by_number()
    for number, item in parse(new_text, "new").messages[0].by_number().items():
        if number in olds and comparable(found, item):
            assert plain(getattr(read, item.name)) == plain(getattr(written, item.name))
