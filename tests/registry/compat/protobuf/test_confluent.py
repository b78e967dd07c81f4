"""The registry's verdicts, change by change: (old, new, all rules found); what breaks is marked with an exclamation."""

from __future__ import annotations

import pytest

from registry.compat.model import Level
from registry.compat.protobuf.confluent.rules import RULES
from registry.compat.rules import Rule
from tests.registry.compat.protobuf.support import changes, message, proto3, rules

MESSAGES = "message A { int32 x = 1; } message B { int32 x = 1; } enum E { Z = 0; } enum F { Y = 0; }"


def typed(kind: str, label: str = "") -> str:
    return proto3(f"{MESSAGES} message M {{ {label} {kind} f = 1; }}")


def marked(old: str, new: str) -> list[str]:
    found = changes(old, new)
    return sorted({f"{change.rule}{'!' * (change.level is Level.BREAKING)}" for change in found})


TYPES = [  # (old type, new type, rules)
    ("int32", "int64", ["field-type-widened"]),
    ("int32", "uint32", ["field-type-narrowed"]),
    ("int64", "int32", ["field-type-narrowed"]),
    ("uint32", "uint64", ["field-type-widened"]),
    ("bool", "int32", ["field-type-widened"]),
    ("int64", "bool", ["field-type-narrowed"]),
    ("sint32", "sint64", ["field-type-widened"]),
    ("sint64", "sint32", ["field-type-narrowed"]),
    ("fixed32", "sfixed32", ["field-type-narrowed"]),
    ("sfixed64", "fixed64", ["field-type-narrowed"]),
    ("string", "bytes", ["field-type-widened"]),
    ("bytes", "string", ["field-type-narrowed"]),
    ("E", "int32", ["field-type-widened"]),
    ("int32", "E", ["field-type-narrowed"]),
    ("uint64", "E", ["field-type-narrowed"]),
    ("E", "F", ["field-type-narrowed"]),
    ("google.protobuf.NullValue", "int32", ["field-type-widened"]),
    ("int32", "sint32", ["field-scalar-kind-changed!"]),
    ("int32", "fixed32", ["field-scalar-kind-changed!"]),
    ("fixed32", "fixed64", ["field-scalar-kind-changed!"]),
    ("float", "double", ["field-scalar-kind-changed!"]),
    ("float", "fixed32", ["field-scalar-kind-changed!"]),
    ("int32", "string", ["field-scalar-kind-changed!"]),
    ("E", "string", ["field-scalar-kind-changed!"]),
    ("string", "A", ["field-kind-changed!"]),
    ("A", "bytes", ["field-kind-changed!"]),
    ("A", "E", ["field-kind-changed!"]),
    ("A", "B", ["field-named-type-changed!"]),
    ("A", "google.protobuf.Any", ["field-named-type-changed!"]),
    ("A", "shop.A", []),
    ("A", ".shop.A", []),
    ("Money", "google.type.Money", []),
    ("google.type.Money", "google.type.Date", ["field-named-type-changed!"]),
    ("map<string, int32>", "map<string, int32>", []),
    ("map<string, int32>", "map<string, int64>", ["field-type-widened"]),
    ("map<string, int32>", "map<string, string>", ["field-scalar-kind-changed!"]),
    ("map<string, int32>", "map<int32, int32>", ["field-scalar-kind-changed!"]),
    ("map<int32, int32>", "map<int64, int32>", ["field-type-widened"]),
    ("map<string, A>", "map<string, B>", ["field-named-type-changed!"]),
    ("map<string, A>", "map<string, string>", ["field-kind-changed!"]),
    ("map<string, int32>", "A", ["field-kind-changed!"]),
    ("string", "map<string, int32>", ["field-kind-changed!"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), TYPES)
def test_a_changed_type(old: str, new: str, expected: list[str]) -> None:
    imports = 'import "google/protobuf/any.proto"; import "google/type/money.proto"; '
    before, after = (typed(kind).replace("package shop;", f"package shop; {imports}") for kind in (old, new))
    assert marked(before, after) == expected


LABELS = [  # (old type, new type, rules)
    ("string f = 1;", "repeated string f = 1;", ["field-string-or-bytes-label-changed"]),
    ("repeated bytes f = 1;", "bytes f = 1;", ["field-string-or-bytes-label-changed"]),
    ("int32 f = 1;", "repeated int32 f = 1;", ["field-numeric-label-changed!"]),
    ("repeated double f = 1;", "double f = 1;", ["field-numeric-label-changed!"]),
    ("bool f = 1;", "repeated bool f = 1;", ["field-numeric-label-changed!"]),
    ("M f = 1;", "repeated M f = 1;", ["field-message-label-changed"]),
    ("string f = 1;", "optional string f = 1;", []),
    ("string f = 1;", "string g = 1;", ["field-name-changed"]),
    ("string f = 1;", 'string f = 1 [json_name = "g"];', ["field-json-name-changed"]),
    ("string long_name = 1;", 'string long_name = 1 [json_name = "longName"];', []),
    ("", "string f = 1;", ["field-added"]),
    ("string f = 1;", "", ["field-removed"]),
    ("string f = 1;", "reserved 1;", ["field-removed"]),
    ("reserved 1;", "string f = 1;", ["field-added", "reserved-reused"]),
    ('reserved "f";', "string f = 1;", ["field-added", "reserved-reused"]),
    ("reserved 1 to 5;", "reserved 1 to 3;", ["reserved-removed"]),
    ("string f = 1;", "string f = 2;", ["field-added", "field-removed"]),
    ("string f = 1; string g = 2;", "string g = 1; string f = 2;", ["field-name-changed"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), LABELS)
def test_a_changed_field(old: str, new: str, expected: list[str]) -> None:
    assert marked(message(old), message(new)) == expected


PROTO2 = [
    ("", "required int32 f = 1;", ["required-field-added!"]),
    ("required int32 f = 1;", "", ["required-field-removed!"]),
    ("optional int32 f = 1;", "required int32 f = 1;", ["field-became-required!"]),
    ("required int32 f = 1;", "optional int32 f = 1;", ["field-became-optional"]),
    ("required int32 f = 1;", "repeated int32 f = 1;", ["field-became-optional", "field-numeric-label-changed!"]),
    ("optional int32 f = 1;", "optional int32 f = 1 [default = 1];", ["field-default-changed"]),
    ("optional group G = 1 { }", "optional G f = 1; message G { }", ["field-kind-changed!", "field-name-changed"]),
    ("optional group G = 1 { optional int32 a = 1; }", "optional group G = 1 { }", ["field-removed"]),
    ("int32 f = 1;", "int32 f = 1; extensions 100 to max;", []),
]


@pytest.mark.parametrize(("old", "new", "expected"), PROTO2)
def test_a_changed_field_of_proto2(old: str, new: str, expected: list[str]) -> None:
    assert marked(f"message M {{ {old} }}", f"message M {{ {new} }}") == expected


def test_required_by_edition_is_required() -> None:
    old = 'edition = "2023"; message M { int32 f = 1; }'
    new = 'edition = "2023"; message M { int32 f = 1 [features.field_presence = LEGACY_REQUIRED]; }'
    assert marked(old, new) == ["field-became-required!"]


ONEOFS = [
    ("string a = 1;", "oneof o { string a = 1; }", ["oneof-added"]),
    ("string a = 1; string b = 2;", "oneof o { string a = 1; string b = 2; }", ["multiple-fields-moved-to-oneof!"]),
    ("string a = 1;", "oneof o { string a = 1; string b = 2; }", ["oneof-added"]),
    ("", "oneof o { string a = 1; string b = 2; }", ["oneof-added"]),
    ("oneof o { string a = 1; }", "string a = 1;", ["oneof-removed"]),
    ("oneof o { string a = 1; }", "", ["oneof-removed"]),
    ("oneof o { string a = 1; string b = 2; }", "oneof o { string a = 1; }", ["oneof-field-removed!"]),
    ("oneof o { string a = 1; string b = 2; }", "oneof o { string a = 1; } string b = 2;", ["oneof-field-removed!"]),
    ("oneof o { string a = 1; }", "oneof o { string a = 1; string b = 2; }", ["oneof-field-added"]),
    (
        "oneof o { string a = 1; } string b = 2;",
        "oneof o { string a = 1; string b = 2; }",
        ["field-moved-to-existing-oneof!"],
    ),
    (
        "oneof o { string a = 1; string b = 2; }",
        "oneof p { string a = 1; string b = 2; }",
        ["oneof-added", "oneof-removed"],
    ),
    (
        "oneof o { string a = 1; } oneof p { string b = 2; }",
        "oneof q { string a = 1; string b = 2; }",
        ["multiple-fields-moved-to-oneof!", "oneof-removed"],
    ),
    (
        "oneof o { string a = 1; } string b = 2;",
        "oneof q { string a = 1; string b = 2; }",
        ["multiple-fields-moved-to-oneof!", "oneof-removed"],
    ),
    (
        "oneof o { string a = 1; string b = 2; }",
        "oneof o { string a = 1; } oneof p { string b = 2; }",
        ["oneof-added", "oneof-field-removed!"],
    ),
    ("oneof o { string a = 1; }", "oneof o { int32 a = 1; }", ["field-scalar-kind-changed!"]),
    ("oneof o { int32 a = 1; }", "oneof o { int64 b = 1; }", ["field-name-changed", "field-type-widened"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), ONEOFS)
def test_a_changed_oneof(old: str, new: str, expected: list[str]) -> None:
    assert marked(message(old), message(new)) == expected


FILES = [
    ("package a;", "package b;", ["package-changed!"]),
    ("message M {}", "package b; message M {}", ["package-changed!"]),
    (
        "package a; message A {} message M { A f = 1; }",
        "package b; message A {} message M { A f = 1; }",
        ["package-changed!"],
    ),
    ("message A {}", "message A {} message B {}", ["message-added"]),
    ("message A {} message B {}", "message A {}", ["message-removed!"]),
    ("message A {} message B {}", "message B {} message A {}", ["message-moved"]),
    ("message A {} message B {}", "message A {} message C {} message B {}", ["message-added"]),
    ("message A { message B {} }", "message A {}", ["message-removed!"]),
    ("message A { message B {} }", "message A {} message B {}", ["message-added", "message-removed!"]),
    (
        "message A { message B { int32 x = 1; } }",
        "message A { message B { string x = 1; } }",
        ["field-scalar-kind-changed!"],
    ),
    ("message A { enum E { Z = 0; } }", "message A {}", ["enum-removed"]),
    ("", "enum E { Z = 0; }", ["enum-added"]),
    ("enum E { Z = 0; }", "", ["enum-removed"]),
    ("enum E { Z = 0; }", "enum E { Z = 0; Y = 1; }", ["enum-const-added"]),
    ("enum E { Z = 0; Y = 1; }", "enum E { Z = 0; }", ["enum-const-removed"]),
    ("enum E { Z = 0; Y = 1; }", "enum E { Z = 0; X = 1; }", ["enum-const-changed"]),
    ("enum E { Z = 0; }", "enum E { option allow_alias = true; A = 0; Z = 0; }", []),
    ("message A {}", "message A { string s = 1; Nowhere n = 2; }", ["field-added", "type-unresolved"]),
    ("message A {}", "message A { google.protobuf.Any n = 2; }", ["field-added", "type-unresolved"]),
    ("service S {}", "", ["service-removed"]),
    ("", "service S {}", ["service-added"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), FILES)
def test_changed_types_of_a_file(old: str, new: str, expected: list[str]) -> None:
    head = 'syntax = "proto3"; '
    assert marked(head + old, head + new) == expected


CALLS = [
    ("rpc C(A) returns (A);", "", ["rpc-removed"]),
    ("", "rpc C(A) returns (A);", ["rpc-added"]),
    ("rpc C(A) returns (A);", "rpc C(B) returns (A);", ["rpc-request-type-changed"]),
    ("rpc C(A) returns (A);", "rpc C(A) returns (B);", ["rpc-response-type-changed"]),
    ("rpc C(A) returns (A);", "rpc C(.shop.A) returns (shop.A) {}", []),
    ("rpc C(A) returns (A);", "rpc C(stream A) returns (A);", ["rpc-streaming-changed"]),
    ("rpc C(A) returns (stream A);", "rpc C(stream A) returns (stream A);", ["rpc-streaming-changed"]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CALLS)
def test_changed_calls(old: str, new: str, expected: list[str]) -> None:
    before, after = (proto3(f"{MESSAGES} service S {{ {calls} }}") for calls in (old, new))
    assert marked(before, after) == expected


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_each_rule_shows_itself_by_its_example(rule: Rule) -> None:
    found = {change.rule: change.level for change in changes(rule.before, rule.after)}
    assert found[rule.id] is rule.level
    assert all(level is not Level.BREAKING for name, level in found.items() if name != rule.id)


def test_a_change_says_where_and_what() -> None:
    old = 'syntax = "proto3";\n\nmessage M {\n  int64 cents = 4;\n}'
    new = 'syntax = "proto3";\nmessage M {\n  string cents = 4;\n}'
    (change,) = changes(old, new)
    assert (change.rule, change.path) == ("field-scalar-kind-changed", "M.cents")
    assert (change.old_line, change.new_line) == (4, 3)
    assert (change.old, change.new) == ("int64", "string")
    assert change.message == "field cents (4) was of type int64 and is now string"
    assert change.hint


def test_no_change_no_finding() -> None:
    text = typed("map<string, A>")
    assert rules(text, text) == []
