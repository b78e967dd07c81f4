"""Each finding by a mapping that has it and nothing else."""

import json
from typing import Any

import pytest

from registry.mappings.rules import RULES
from tests.registry.mappings.shelf import MONEY, Shelf, found, mapping, properties, rules, schema, shelf

UNIT = {"type": "integer", "x-unit": "minor-units"}
MINOR = {"minor_units": {"code": "EUR"}}
STATES = {"type": "string", "enum": ["open", "paid"]}
LIST = {"type": "array", "items": properties("n", n="string")}


def one(source: dict[str, Any], target: dict[str, Any], **field: Any) -> tuple[Any, Any, list[dict[str, Any]]]:
    """A mapping of the field ``a`` to the field ``b``."""
    names = {name.removesuffix("_"): value for name, value in field.items()}
    start = {} if "constant" in str(names.get("transform")) else {"from": "a"}
    return properties("a", a=source), properties("b", b=target), [{**start, "to": "b", **names}]


TEXT: dict[str, Any] = {"type": "string"}
CASES: list[tuple[str, str, Any]] = [
    (
        "array-mismatch",
        "spec.fields.0.from",
        (properties(rows=LIST), properties(n="string"), [{"from": "rows[*].n", "to": "n"}]),
    ),
    (
        "array-mismatch",
        "spec.fields.1.from",
        (
            properties(p=LIST, q=LIST),
            properties(rows={"type": "array", "items": properties(n="string", m="string")}),
            [{"from": "p[*].n", "to": "rows[*].n"}, {"from": "q[*].n", "to": "rows[*].m"}],
        ),
    ),
    (
        "array-mismatch",
        "spec.fields.0.to",
        (properties("n", n="string"), properties(rows=LIST), [{"from": "n", "to": "rows[*].n"}]),
    ),
    (
        "cel-invalid",
        "spec.fields.0.transform",
        one(TEXT, TEXT, transform={"cel": {"expression": "value +", "returns": "string"}}),
    ),
    (
        "cel-name",
        "spec.fields.0.transform",
        one(TEXT, TEXT, transform={"cel": {"expression": "valeu", "returns": "string"}}),
    ),
    (
        "currency-case",
        "spec.fields.0.transform",
        (
            properties("a c", a=UNIT, c={"type": "string", "enum": ["eur"]}),
            properties("b", b=MONEY),
            [{"from": "a", "to": "b", "transform": {"minor_units": {"currency": "c"}}}],
        ),
    ),
    (
        "enum-extra",
        "spec.fields.0.transform",
        one(STATES, TEXT, transform={"enum": {"values": {"open": "o", "paid": "p", "gone": "g"}}}),
    ),
    ("enum-uncovered", "spec.fields.0.transform", one(STATES, TEXT, transform={"enum": {"values": {"open": "o"}}})),
    (
        "enum-uncovered",
        "spec.fields.0.transform",
        (
            properties("a c", a=UNIT, c=STATES),
            properties("b", b=MONEY),
            [{"from": "a", "to": "b", "transform": {"minor_units": {"currency": "c", "table": "t"}}}],
            {"tables": {"t": {"open": "EUR"}}},
        ),
    ),
    (
        "format-mismatch",
        "spec.fields.0",
        one({"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}),
    ),
    (
        "format-mismatch",
        "spec.fields.0.transform",
        one({"type": "string", "format": "date"}, {"type": "string", "format": "date"}, transform={"date": "UTC"}),
    ),
    (
        "format-mismatch",
        "spec.fields.0",
        one({"type": "string", "x-zone": "Europe/Berlin"}, {"type": "string", "format": "date-time"}),
    ),
    ("format-unverified", "spec.fields.0", one(TEXT, {"type": "string", "format": "date"})),
    (
        "may-be-missing",
        "spec.fields.0",
        (properties(a="string"), properties("b", b="string"), [{"from": "a", "to": "b"}]),
    ),
    ("may-be-missing", "spec.fields.0", one({"type": ["string", "null"]}, TEXT)),
    ("money-unnamed", "spec.fields.0", one(UNIT, MONEY)),
    ("money-unnamed", "spec.fields.0", one({"type": "number"}, MONEY)),
    (
        "path-unknown",
        "spec.fields.0.from",
        (properties("ab", ab="string"), properties(b="string"), [{"from": "ac", "to": "b"}]),
    ),
    (
        "path-unknown",
        "spec.fields.0.to",
        (properties("a", a="string"), properties(b="string"), [{"from": "a", "to": "c"}]),
    ),
    ("path-unknown", "spec.fields.0.transform", one(UNIT, MONEY, transform={"minor_units": {"currency": "c"}})),
    (
        "path-unknown",
        "spec.fields.0.to",
        (
            properties("a", a="string"),
            properties(
                ids={"type": "array", "items": properties("t v", t={"type": "string", "enum": ["x"]}, v="string")}
            ),
            [{"from": "a", "to": "ids[?@.t=='y'].v"}],
        ),
    ),
    (
        "required-unmapped",
        "spec.fields",
        (properties("a", a="string"), properties("b c", b="string", c="string"), [{"from": "a", "to": "b"}]),
    ),
    (
        "required-unmapped",
        "spec.fields",
        (
            properties("a", a="string"),
            properties(b=properties("c d", c="string", d="string")),
            [{"from": "a", "to": "b.c"}],
        ),
    ),
    (
        "required-unmapped",
        "spec.fields",
        (
            properties("a", a={"type": "array", "items": properties(n="string")}),
            properties(b={"type": "array", "items": properties("m", n="string", m="string")}),
            [{"from": "a[*].n", "to": "b[*].n"}],
        ),
    ),
    (
        "reverse-missing",
        "spec.fields.0",
        (
            properties(a="string"),
            properties(b="string"),
            [{"from": "a", "to": "b", "transform": {"split": {"by": ":"}}}],
            {"direction": "both"},
        ),
    ),
    (
        "back-required-unmapped",
        "spec.fields",
        (
            properties("a c", a="string", c="string"),
            properties("b", b="string"),
            [{"from": "a", "to": "b"}],
            {"direction": "both"},
        ),
    ),
    ("table-unknown", "spec.fields.0.transform", one(TEXT, TEXT, transform={"lookup": {"table": "nope"}})),
    (
        "target-twice",
        "spec.fields.1.to",
        (properties("a", a="string"), properties(b="string"), [{"from": "a", "to": "b"}, {"from": "a", "to": "b"}]),
    ),
    (
        "target-twice",
        "spec.fields.1.to",
        (
            properties("a c", a=properties(d="string"), c="string"),
            properties(b=properties(d="string")),
            [{"from": "a", "to": "b"}, {"from": "c", "to": "b.d"}],
        ),
    ),
    ("too-long", "spec.fields.0", one({"type": "string", "maxLength": 255}, {"type": "string", "maxLength": 120})),
    ("too-long", "spec.fields.0", one(TEXT, {"type": "string", "maxLength": 2}, transform={"constant": "abc"})),
    ("type-mismatch", "spec.fields.0", one({"type": "integer"}, TEXT)),
    ("type-mismatch", "spec.fields.0", one(MONEY, {"type": "number"})),
    (
        "type-mismatch",
        "spec.fields.0.transform",
        one(TEXT, TEXT, transform={"convert": "integer-to-string"}),
    ),
    ("type-uncertain", "spec.fields.0", one({"type": ["string", "integer"]}, TEXT)),
    (
        "unit-mismatch",
        "spec.fields.0.transform",
        one(
            {"type": "integer", "x-unit": "epoch-milliseconds"},
            {"type": "string", "format": "date-time"},
            transform={"epoch": "seconds"},
        ),
    ),
    (
        "unit-mismatch",
        "spec.fields.0",
        one({"type": "integer", "x-unit": "days"}, {"type": "integer", "x-unit": "months"}),
    ),
    (
        "unit-mismatch",
        "spec.fields.0.transform",
        one(
            {"type": "string", "x-zone": "UTC"},
            {"type": "string", "format": "date-time"},
            transform={"local_time": {"zone": "Asia/Tokyo"}},
        ),
    ),
    ("unit-unnamed", "spec.fields.0", one({"type": "integer"}, {"type": "integer", "x-unit": "months"})),
    ("unit-unnamed", "spec.fields.0", one(UNIT, {"type": "integer"})),
    ("value-not-allowed", "spec.fields.0", one(STATES, {"type": "string", "enum": ["open"]})),
    (
        "value-not-allowed",
        "spec.fields.0",
        one(TEXT, {"type": "string", "pattern": "^[A-Z]+$"}, transform={"constant": "x"}),
    ),
    (
        "value-not-allowed",
        "spec.fields.0",
        one(STATES, STATES, transform={"enum": {"values": {"open": "open", "paid": "payed"}}}),
    ),
    ("value-uncertain", "spec.fields.0", one(TEXT, STATES)),
    (
        "example-fails",
        "spec.fields",
        (
            {**properties("a", a="string"), "examples": [{"a": "abc"}]},
            properties("b", b={"type": "string", "pattern": "^[0-9]+$"}),
            [{"from": "a", "to": "b"}],
        ),
    ),
]
NOTES: list[tuple[str, Any]] = [
    ("enum-lossy", one(STATES, TEXT, transform={"enum": {"values": {"open": "o", "paid": "o"}}})),
    ("enum-open", one(TEXT, TEXT, transform={"enum": {"values": {"open": "o"}}})),
    ("length-unbounded", one(TEXT, {"type": "string", "maxLength": 120})),
    ("path-open", one({}, TEXT)),
    ("unit-unverified", one({"type": "integer"}, MONEY, transform=MINOR)),
]


def told(case: Any) -> set[tuple[str, str]]:
    source, target, fields, *spec = case
    return rules(source, target, fields, **(spec[0] if spec else {}))


@pytest.mark.parametrize(
    ("rule", "place", "case"), CASES, ids=[f"{rule}-{at}" for at, (rule, _, _) in enumerate(CASES)]
)
def test_a_finding_is_told_at_its_place_and_nothing_else(rule: str, place: str, case: Any) -> None:
    assert told(case) == {(rule, place)}


@pytest.mark.parametrize(("rule", "case"), NOTES)
def test_a_note_is_kept_for_the_page(rule: str, case: Any) -> None:
    source, target, fields = case
    assert {(remark.rule, remark.level) for remark in found(source, target, fields)} == {(rule, "note")}


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (
            "not-canonical",
            shelf(properties("a", a="string"), properties("b", b="string")).held
            | {("Schema", "ours"): schema("ours", properties("b", b="string"))},
        ),
        (
            "not-canonical",
            shelf(properties("a", a="string"), properties("b", b="string")).held
            | {("Schema", "theirs"): schema("theirs", properties("a", a="string"), canon="x")},
        ),
        (
            "schema-unreadable",
            shelf(properties("a", a="string"), properties("b", b="string")).held
            | {("Schema", "theirs"): schema("theirs", '"string"', form="avro")},
        ),
        ("schema-unreadable", shelf("{", properties("b", b="string")).held),
    ],
)
def test_schemas_that_can_not_be_mapped_are_told(rule: str, held: Any) -> None:
    assert [one.rule for one in mapping([{"from": "a", "to": "b"}]).examined(Shelf(held))] == [rule]


def test_a_version_that_is_not_there_is_told_and_one_that_is_there_is_used() -> None:
    source, target = properties("new", new="string"), properties("b", b="string")
    old = json.dumps(properties("a", a="string"))
    pinned = {"source": {"system": "system", "schema": "theirs", "version": 1}}
    one = mapping([{"from": "a", "to": "b"}], **pinned)
    assert [each.rule for each in one.examined(shelf(source, target))] == ["version-unknown"]
    assert one.examined(shelf(source, target, texts={("theirs", 1): old})) == []


def test_every_rule_has_a_case() -> None:
    tried = {rule for rule, _, _ in CASES} | {rule for rule, _ in NOTES}
    assert tried | {"not-canonical", "schema-unreadable", "version-unknown"} == set(RULES)


def test_a_schema_that_is_not_declared_is_left_to_who_looks_for_references() -> None:
    assert mapping([{"from": "a", "to": "b"}]).examined(Shelf({})) == []


@pytest.mark.parametrize(
    "source",
    [
        {"$ref": "#/$defs/thing", "$defs": {"thing": properties("a", a="string")}},
        {"allOf": [properties("a", a="string"), {"properties": {"c": {"type": "integer"}}}]},
        {"anyOf": [properties("a", a="string"), properties("c", c="string")], "type": "object"},
        {
            "oneOf": [properties("x", x="string"), {"$ref": "#/$defs/thing"}],
            "$defs": {"thing": properties("a", a="string")},
        },
        {"type": "object", "patternProperties": {"^a": {"type": "string"}}},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {
            "$defs": {
                "node": {"type": "object", "properties": {"a": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}
            },
            "$ref": "#/$defs/node",
        },
    ],
)
def test_a_path_is_found_through_references_branches_and_patterns(source: Any) -> None:
    target = properties(b="string")
    assert rules(source, target, [{"from": "a", "to": "b"}]) == set()


def test_a_part_of_an_openapi_document_can_be_mapped() -> None:
    components = {
        "schemas": {
            "Bill": properties("id total", id="string", total={"$ref": "#/components/schemas/Sum"}),
            "Sum": MONEY,
        }
    }
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": components}
    held = shelf({}, properties("number", number="string", total=MONEY)).held
    there = Shelf(held | {("Schema", "theirs"): schema("theirs", document, form="openapi")})
    source = {"system": "system", "schema": "theirs", "at": "#/components/schemas/Bill"}
    fields = [{"from": "id", "to": "number"}, {"from": "total", "to": "total"}]
    assert mapping(fields, source=source).examined(there) == []
    wrong = mapping(fields, source=source | {"at": "#/components/schemas/Bil"}).examined(there)
    assert [one.rule for one in wrong] == ["schema-unreadable"]
    assert "nothing at" in wrong[0].message
