"""Types that hold one another: verdicts rest on the whole circle, and big circles stay cheap."""

from __future__ import annotations

import json
import time
from typing import Any

from registry.compat.avro import compare
from registry.compat.avro.parse import parse
from registry.compat.avro.resolve import Resolution
from registry.compat.avro.schema import Record
from registry.compat.avro.source import Source
from tests.registry.compat.avro.schemas import OPTIONS, breaks, changes, field, record


def chain(length: int, last: str) -> dict[str, Any]:
    """R0 holds R1 holds R2 ... and each may hold R0 again: nested only by name, to keep the text flat."""
    kinds = [record(field("x", last), name=f"R{length}")]
    for number in reversed(range(length)):
        inner: Any = f"R{number + 1}"
        kinds.append(record(field("next", ["null", inner]), name=f"R{number}"))
    return record(*(field(f"f{index}", kind) for index, kind in enumerate(kinds)), name="All")


def test_a_doubt_reached_inside_a_circle_spreads_to_all_that_rest_on_it() -> None:
    """B holds A and A holds B. While A is open, B looks readable; then A's own new field settles it for both."""

    def circle(*extra: dict[str, Any]) -> dict[str, Any]:
        holder = record(field("a", ["null", "A"]), name="B")
        return record(field("b", ["null", holder]), *extra, name="A")

    old = record(field("first", ["null", circle()]), field("second", "B"), name="Top")
    new = record(field("first", ["null", circle(field("must", "int"))]), field("second", "B"), name="Top")
    reader = parse(Source(json.dumps(new), "new"))
    writer = parse(Source(json.dumps(old), "old"))
    assert isinstance(reader, Record)
    assert isinstance(writer, Record)
    resolution = Resolution()
    assert not resolution.reads(reader, writer)
    assert not resolution.reads(reader.by_name["second"].type, writer.by_name["second"].type)
    assert breaks(old, new) == [
        ("missing-union-branch", "/fields/0/type"),
        ("missing-union-branch", "/fields/0/type/1/fields/0/type/1/fields/0/type"),
    ]


def test_a_long_chain_is_compared_in_reasonable_time() -> None:
    started = time.perf_counter()
    assert changes(chain(500, "int"), chain(500, "long")) != []
    found = breaks(chain(500, "long"), chain(500, "int"))
    assert ("type-mismatch", "/fields/0/type/fields/0/type") in found
    assert time.perf_counter() - started < 20


def test_a_lost_branch_says_why() -> None:
    old = record(field("u", ["null", record(field("s", ["null", record(name="Deep")]), name="In")]))
    new = record(field("u", ["null", record(field("s", ["null", record(field("n", "int"), name="Deep")]), name="In")]))
    (change,) = changes(old, new)
    assert change.rule == "missing-union-branch"
    assert change.message.endswith("record Deep has the new field n without a default: old data lacks it")


def test_changes_name_line_values_and_what_to_do() -> None:
    old = '{"type": "record", "name": "R", "fields": [\n  {"name": "a", "type": "long"}\n]}'
    new = '{"type": "record", "name": "R", "fields": [\n\n  {"name": "a", "type": "int"}\n]}'
    (change,) = compare(old, new, OPTIONS)
    assert (change.rule, change.path) == ("type-mismatch", "/fields/0/type")
    assert (change.old_line, change.new_line) == (2, 3)
    assert (change.old, change.new) == ("long", "int")
    assert change.arguments == ("long", "int")
    assert change.hint
    assert change.message == "data written as long can't be read as int"


def test_a_type_used_twice_is_told_about_once_and_where_it_is_used_if_it_is_replaced() -> None:
    old = record(field("a", record(field("x", "long"), name="In")), field("b", "In"), field("c", "In"))
    new = record(field("a", record(field("x", "int"), name="In")), field("b", "In"), field("c", "string"))
    assert breaks(old, new) == [("type-mismatch", "/fields/0/type/fields/0/type"), ("type-mismatch", "/fields/2/type")]
