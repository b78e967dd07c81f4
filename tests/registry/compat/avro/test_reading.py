"""What is no Avro schema is refused in one sentence that says which document, where and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from registry.compat.avro import compare
from registry.compat.model import DocumentError
from tests.registry.compat.avro.schemas import OPTIONS, array, changes, enum, field, fixed, record

BAD: list[tuple[Any, str]] = [
    ("strin", "'strin' is not defined before it is used"),
    (7, "a schema is a name, an object or a list, not 7"),
    (None, "not None"),
    ({}, "needs a type"),
    ({"type": "array"}, "array needs items"),
    ({"type": "map"}, "map needs values"),
    ({"type": "record", "fields": []}, "a record needs a name"),
    ({"type": "record", "name": "R"}, "a record needs a list of fields"),
    (record(name="1R"), "'1R' is not a name"),
    (record(name="a-b"), "'a-b' is not a name"),
    (record(name="a..b"), "'' is not a name"),
    (record(name="R", namespace="a.-"), "'-' is not a name"),
    (record(name="R", namespace=7), "a namespace must be text"),
    (record(name=7), "the name of a type must be text"),
    (record(name="int"), "may not take the name of the primitive type int"),
    (record(aliases="x"), "aliases must be a list of names"),
    (record(field("a", "int"), field("a", "int")), "the field 'a' is there twice"),
    (record(field("a b", "int")), "'a b' is not a name"),
    (record({"name": "a"}), "a field is an object with a name and a type"),
    (record(field(7, "int")), "the field name must be text"),
    (record(field("a", "int", order="up")), "order is one of"),
    (record(field("a", "int", aliases=["-"])), "the alias '-' is not a name"),
    (record(field("a", record()), name="Record1"), "Record1 is already defined at /"),
    ([fixed("F", 1), fixed("F", 1)], "F is already defined at /0"),
    (record(field("a", "Later"), field("b", fixed("Later", 1))), "'Later' is not defined before"),
    (["int", "int"], "the union holds int twice"),
    ([array("int"), array("string")], "the union holds array twice"),
    (["null", ["int"]], "may not hold another union"),
    (enum("E", ["A", "A"]), "the symbol 'A' is there twice"),
    (enum("E", ["a-b"]), "'a-b' is not a name"),
    (enum("E", "AB", default="C"), "the default 'C' is not one of the symbols"),
    ({"type": "enum", "name": "E"}, "needs a list of symbols"),
    (fixed("F", -1), "needs its size in bytes, not -1"),
    (fixed("F", True), "needs its size"),
    (record(field("a", "int", default="x")), "the default 'x' of field 'a' is not a value of int"),
    (record(field("a", "int", default=2**31)), "is not a value of int"),
    (record(field("a", "int", default=True)), "is not a value of int"),
    (record(field("a", "int", default=1.5)), "is not a value of int"),
    (record(field("a", "long", default=2**63)), "is not a value of long"),
    (record(field("a", "float", default="1")), "is not a value of float"),
    (record(field("a", "string", default=None)), "is not a value of string"),
    (record(field("a", "null", default=0)), "is not a value of null"),
    (record(field("a", "boolean", default=0)), "is not a value of boolean"),
    (record(field("a", "bytes", default="\u0100")), "is not a value of bytes"),
    (record(field("a", array("int"), default={})), "is not a value of array of int"),
    (record(field("a", array("int"), default=["x"])), "is not a value of array of int"),
    (record(field("a", {"type": "map", "values": "int"}, default={"k": "x"})), "is not a value of map of int"),
    (record(field("a", ["null", "int"], default="x")), "is not a value of union [null, int]"),
    (record(field("a", enum("E", "AB"), default="C")), "is not a value of enum E"),
    (record(field("a", record(field("x", "int"), name="In"), default={})), "is not a value of record In"),
    (record(field("a", record(field("x", "int"), name="In"), default={"x": "y"})), "is not a value of record In"),
]


@pytest.mark.parametrize(("schema", "words"), BAD, ids=lambda value: str(value)[:60])
@pytest.mark.parametrize("which", ["old", "new"])
def test_a_bad_schema_is_refused_and_named(schema: Any, words: str, which: str) -> None:
    texts = {"old": '"null"', "new": '"null"', which: json.dumps(schema)}
    with pytest.raises(DocumentError) as caught:
        compare(texts["old"], texts["new"], OPTIONS)
    assert words in caught.value.message
    assert f"the {which} Avro schema" in caught.value.message
    assert caught.value.path == which
    assert caught.value.line == 1


GOOD: list[Any] = [
    {"type": "string", "avro.java.string": "String"},
    {"type": {"type": "array", "items": "int"}},
    {"type": ["null", "string"]},
    {"type": "error", "name": "Oops", "fields": []},
    [],
    record(field("a", ["null", "string"], default="x")),
    record(field("a", "double", default=1)),
    record(field("a", "double", default="NaN")),
    record(field("a", "bytes", default="\u00ff")),
    record(field("a", "null", default=None)),
    record(field("a", fixed("F", 2), default="\u0000\u0001")),
    record(field("a", record(field("x", "int", default=1), name="In"), default={})),
    record(field("a", ["null", "Record1"], default=None)),
    record(field("a", {"type": "map", "values": ["null", "Record1"]}, default={"k": {"a": {}}})),
    record(field("a", fixed("F", 1)), field("b", "ns.F"), field("c", "F"), namespace="ns"),
    record(field("a", fixed("x.F", 1)), field("b", {"type": "x.F"}), namespace="ns"),
    [fixed("Top", 1), record(field("a", "Top"), namespace="ns")],
    record(field("a", fixed("F", 1, namespace="")), field("b", "F"), namespace="ns"),
    {"type": "bytes", "logicalType": "decimal"},
    {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3},
    fixed("F", 1, logicalType="decimal", precision=3),
    fixed("F", 0, logicalType="decimal", precision=1),
    {"type": "string", "logicalType": "date"},
    fixed("F", 15, logicalType="uuid"),
]


@pytest.mark.parametrize("schema", GOOD, ids=str)
def test_what_the_specification_allows_is_read(schema: Any) -> None:
    assert changes(schema, schema) == []


@pytest.mark.parametrize("index", [18, 19, 20, 21, 22, 23])
def test_a_logical_type_that_does_not_fit_counts_for_nothing(index: int) -> None:
    plain = {key: value for key, value in GOOD[index].items() if key != "logicalType"}
    assert changes(GOOD[index], plain) == []


def test_an_error_says_the_line() -> None:
    text = '{\n  "type": "record",\n  "name": "R",\n  "fields": [\n    {"name": "a", "type": "nope"}\n  ]\n}'
    with pytest.raises(DocumentError, match=r"^line 5: the new Avro schema at /fields/0/type: the type 'nope'"):
        compare('"int"', text, OPTIONS)


@pytest.mark.parametrize("text", ["", "{", '{"type": ', "[1,", "\u0000", "{]"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="the new document"):
        compare('"int"', text, OPTIONS)


@pytest.mark.parametrize("depth", [160, 800, 100_000])
def test_bottomless_nesting_is_refused(depth: int) -> None:
    text = '{"type":"array","items":' * depth + '"int"' + "}" * depth
    with pytest.raises(DocumentError):
        compare('"int"', text, OPTIONS)


def test_deep_but_sensible_nesting_is_read() -> None:
    schema: Any = "int"
    for _ in range(140):
        schema = array(schema)
    assert changes(schema, schema) == []


def test_a_deep_default_under_a_type_that_holds_itself_is_judged_quickly() -> None:
    one = record(field("n", ["null", "A", "B"]), name="B")
    value: Any = 7
    for _ in range(60):
        value = {"n": value}
    holder = record(field("a", record(field("n", ["null", "A", one]), name="A"), default=value))
    with pytest.raises(DocumentError, match="is not a value of record A"):
        changes(holder, holder)
