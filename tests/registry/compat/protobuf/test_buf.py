"""Buf's categories: each rule by its example, in each of its categories and in no other."""

from __future__ import annotations

import re

import pytest

from registry.compat.model import Level, OptionError
from registry.compat.protobuf.buf.check import CATEGORIES
from registry.compat.protobuf.buf.rules import CATEGORIES_OF, RULES
from tests.registry.compat.protobuf.support import changes, message, rules


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_rule_speaks_in_its_categories_only(rule: str, category: str) -> None:
    found = changes(RULES[rule].before, RULES[rule].after, category)
    assert (rule in {change.rule for change in found}) == (category in CATEGORIES_OF[rule])
    assert all(change.level is Level.BREAKING for change in found)


def test_what_is_harmless_on_the_wire_alone_passes_there() -> None:
    old = message("int32 a = 1; string b = 2; repeated string c = 3; int32 d = 4;")
    new = message("int64 z = 1; bytes b = 2; repeated string c = 3; reserved 4;")
    assert rules(old, new, "wire") == []
    assert rules(old, new, "wire-json") == [
        "field-no-delete-unless-name-reserved",
        "field-same-json-name",
        "field-same-name",
        "field-wire-json-compatible-type",
        "field-wire-json-compatible-type",
    ]
    assert rules(old, new, "file") == rules(old, new, "package")
    assert rules(old, new, "FILE") == [
        "field-no-delete",
        "field-same-json-name",
        "field-same-name",
        "field-same-type",
        "field-same-type",
    ]


WIRE = [  # (old type, new type, wire, wire-json)
    ("int32", "uint32", True, True),
    ("int32", "int64", True, False),
    ("int64", "uint64", True, True),
    ("bool", "int32", True, False),
    ("sint32", "sint64", True, False),
    ("fixed32", "sfixed32", True, True),
    ("fixed64", "sfixed64", True, True),
    ("string", "bytes", True, False),
    ("bytes", "string", False, False),
    ("float", "double", False, False),
    ("E", "F", True, True),
    ("F", "E", False, False),
    ("E", "int32", False, False),
    ("E", "google.protobuf.NullValue", False, False),
    ("M", "N", False, False),
    ("map<int32, E>", "map<uint32, F>", True, True),
    ("map<int32, E>", "map<string, E>", False, False),
]


@pytest.mark.parametrize(("old", "new", "wire", "wire_json"), WIRE)
def test_types_that_stand_for_one_another(old: str, new: str, wire: bool, wire_json: bool) -> None:
    kinds = "message N {} message In { enum E { X = 0; } } message Out { enum F { X = 0; Y = 1; } }"
    names = {"E": "In.E", "F": "Out.F"}

    def file(kind: str) -> str:
        for short, long in names.items():
            kind = re.sub(rf"\b{short}\b", long, kind)
        return f'syntax = "proto3"; {kinds} message M {{ {kind} f = 1; }}'

    assert (rules(file(old), file(new), "wire") == []) is wire
    assert (rules(file(old), file(new), "wire-json") == []) is wire_json


def test_a_list_may_become_a_map_on_the_wire_but_not_in_json() -> None:
    old = 'syntax = "proto3"; message M { repeated M f = 1; }'
    new = 'syntax = "proto3"; message M { map<string, M> f = 1; }'
    assert "field-wire-compatible-cardinality" not in rules(old, new, "wire")
    assert "field-wire-json-compatible-cardinality" in rules(old, new, "wire-json")


def test_a_group_is_no_embedded_message() -> None:
    old = "message M { optional group G = 1 { } }"
    new = "message M { optional G g = 1; message G { } }"
    assert rules(old, new, "wire") == ["field-wire-compatible-type"]


def test_reserved_ranges_may_be_written_otherwise() -> None:
    old = message("reserved 1 to 9;")
    assert rules(old, message("reserved 1 to 4, 5 to 12;"), "file") == []
    assert rules(old, message("reserved 1 to 4, 6 to 12;"), "file") == ["reserved-message-no-delete"]


def test_extensions_are_fields_of_their_own() -> None:
    base = "message M { extensions 10 to 20; } extend M { optional %s x = 10; }"
    assert rules(base % "int32", base % "string", "wire") == ["field-wire-compatible-type"]


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(OptionError, match="it is one of confluent, file, package, wire-json, wire"):
        rules("message M {}", "message M {}", "strict")
