"""One record through the versions of its life, as the registries' users know it."""

from __future__ import annotations

from typing import Any

import pytest

from registry.compat.avro import RULES, compare
from registry.compat.model import Level
from tests.registry.compat.avro.schemas import OPTIONS, array, changes, enum, field, fixed, record, rules


def version(*fields: dict[str, Any]) -> dict[str, Any]:
    return record(*fields, name="myrecord")


F1 = field("f1", "string")
V1 = version(F1)
V2 = version(F1, field("f2", "string", default="foo"))
V3 = version(F1, field("f2", "string"))
V4 = version(field("f1_new", "string", aliases=["f1"]))
V6 = version(field("f1", ["null", "string"]))
V7 = version(field("f1", ["null", "string", "int"]))
V8 = version(F1, field("f2", "string", default="foo"), field("f3", "string", default="bar"))


@pytest.mark.parametrize(
    ("old", "new", "breaking"),
    [
        (V1, V2, []),
        (V2, V1, []),
        (V1, V3, ["reader-field-missing-default-value"]),
        (V2, V3, []),
        (V1, V4, []),
        (V4, V1, ["reader-field-missing-default-value"]),
        (V1, V6, []),
        (V6, V1, ["type-mismatch"]),
        (V6, V7, []),
        (V7, V6, ["missing-union-branch"]),
        (V1, V8, []),
        (V8, V1, []),
        (V3, V8, []),
    ],
)
def test_versions_of_one_record(old: Any, new: Any, breaking: list[str]) -> None:
    assert rules(old, new) == breaking


MONEY = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
TIME = {"type": "long", "logicalType": "timestamp-millis"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (V1, V2, {"field-added-with-default": "info"}),
        (V2, V1, {"field-removed": "info"}),
        (V1, V4, {"field-renamed": "info"}),
        (V1, V6, {"type-widened-to-union": "info"}),
        (V6, V7, {"union-branch-added": "info"}),
        (V2, V3, {"default-removed": "info"}),
        (V3, V2, {"default-added": "info"}),
        (version(field("a", "int", default=0)), version(field("a", "int", default=1)), {"default-changed": "info"}),
        (
            version(field("a", "double", default=0)),
            version(field("a", "double", default=0.0)),
            {"default-changed": "info"},
        ),
        (version(field("a", "int", doc="x")), version(field("a", "int", doc="y")), {"doc-changed": "info"}),
        (version(), {**version(), "doc": "Words"}, {"doc-changed": "info"}),
        (version(F1), version({**F1, "order": "ignore"}), {"order-changed": "info"}),
        (["int", "long"], ["long"], {"type-promoted": "info", "union-branch-removed": "info"}),
        (["int", "long"], "long", {"type-promoted": "info", "union-narrowed-to-type": "info"}),
        (enum("E", "AB"), enum("E", "ABC"), {"enum-symbol-added": "info"}),
        (enum("E", "AB", default="A"), enum("E", "A", default="A"), {"enum-symbol-removed": "warning"}),
        (enum("E", "AB", default="A"), enum("E", "AB", default="B"), {"enum-default-changed": "info"}),
        (fixed("F", 2), fixed("G", 2, aliases=["F"]), {"type-renamed": "info"}),
        (fixed("a.F", 2), fixed("b.F", 2), {"namespace-changed": "warning"}),
        (fixed("a.F", 2), fixed("b.F", 2, aliases=["a.F"]), {"type-renamed": "info"}),
        (MONEY, {**MONEY, "scale": 4}, {"decimal-scale-changed": "warning"}),
        (MONEY, {**MONEY, "precision": 9}, {"decimal-precision-decreased": "warning"}),
        (MONEY, {**MONEY, "precision": 14}, {"decimal-precision-increased": "info"}),
        (MONEY, "bytes", {"logical-type-removed": "info"}),
        ("bytes", MONEY, {"logical-type-added": "info"}),
        (TIME, {**TIME, "logicalType": "timestamp-micros"}, {"logical-type-changed": "warning"}),
        (fixed("F", 8, logicalType="decimal", precision=9), fixed("F", 8), {"logical-type-removed": "info"}),
        (
            record(name="a.Line"),
            [record(field("sku", "int"), name="b.Line"), record(name="c.Line")],
            {"namespace-changed": "warning", "type-widened-to-union": "info", "union-branch-ambiguous": "warning"},
        ),
    ],
    ids=str,
)
def test_harmless_and_doubtful_changes_are_told_too(old: Any, new: Any, expected: dict[str, str]) -> None:
    assert {change.rule: change.level.value for change in changes(old, new)} == expected


@pytest.mark.parametrize("schema", [V8, MONEY, [V1, array(["null", "int"])], enum("E", "AB")], ids=str)
def test_no_change_no_finding(schema: Any) -> None:
    assert changes(schema, schema) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_each_rule_shows_itself_by_its_example(rule: Any) -> None:
    found = {change.rule: change for change in compare(rule.before, rule.after, OPTIONS)}
    assert rule.id in found
    assert found[rule.id].level is rule.level
    assert all(change.level is not Level.BREAKING or change.rule == rule.id for change in found.values())
