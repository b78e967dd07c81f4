"""Each rule by its example, and the level where that depends on more than the rule."""

from __future__ import annotations

from datetime import date

import pytest

from registry.compat.graphql import RULES, compare
from registry.compat.model import Change, Level, Options
from registry.compat.rules import Rule


def changes(old: str, new: str) -> list[Change]:
    return compare(old, new, Options(as_of=date(2026, 1, 1)))


def levels(old: str, new: str) -> dict[str, str]:
    return {change.rule: change.level.value for change in changes(old, new)}


def query(fields: str, more: str = "") -> str:
    return f"type Query {{ {fields} }} {more}"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_each_rule_shows_itself_by_its_example(rule: Rule) -> None:
    found = {change.rule: change.level for change in changes(rule.before, rule.after)}
    assert found[rule.id] is rule.level
    assert all(level is not Level.BREAKING for name, level in found.items() if name != rule.id)


OUTPUT = [  # (old type, new type, level)
    ("Int", "Int!", "info"),
    ("[Int]", "[Int!]", "info"),
    ("[Int]", "[Int!]!", "info"),
    ("[[Int]]", "[[Int!]!]!", "info"),
    ("Int!", "Int", "breaking"),
    ("[Int!]", "[Int]", "breaking"),
    ("[Int!]!", "[Int!]", "breaking"),
    ("Int", "String", "breaking"),
    ("Int", "[Int]", "breaking"),
    ("[Int]", "Int", "breaking"),
    ("[Int]", "[[Int]]", "breaking"),
    ("Int!", "[Int!]!", "breaking"),
    ("Int!", "String!", "breaking"),
]


@pytest.mark.parametrize(("old", "new", "level"), OUTPUT)
def test_what_comes_out_may_only_get_narrower(old: str, new: str, level: str) -> None:
    assert levels(query(f"a: {old}"), query(f"a: {new}")) == {"field-type-changed": level}


INPUT = [
    ("Int!", "Int", "info"),
    ("[Int!]", "[Int]", "info"),
    ("[Int!]!", "[Int]", "info"),
    ("[Int!]!", "[Int]!", "info"),
    ("Int", "Int!", "breaking"),
    ("[Int]", "[Int!]", "breaking"),
    ("Int", "[Int]", "breaking"),
    ("Int", "Float", "breaking"),
    ("Int!", "[Int]", "breaking"),
]


@pytest.mark.parametrize(("old", "new", "level"), INPUT)
def test_what_goes_in_may_only_get_wider(old: str, new: str, level: str) -> None:
    assert levels(query(f"f(a: {old}): ID"), query(f"f(a: {new}): ID")) == {"field-argument-type-changed": level}
    inputs = [query("id: ID", f"input I {{ a: {kind} }}") for kind in (old, new)]
    assert levels(*inputs) == {"input-field-type-changed": level}
    directives = [query("id: ID", f"directive @d(a: {kind}) on FIELD") for kind in (old, new)]
    assert levels(*directives) == {"directive-argument-type-changed": level}


ADDED = [  # (new input, level of an argument, of an input field, of a directive's argument)
    ("a: Int!", "breaking", "breaking", "breaking"),
    ("a: Int", "warning", "warning", "info"),
    ("a: Int = 1", "warning", "info", "info"),
    ("a: Int! = 1", "warning", "info", "info"),
]


@pytest.mark.parametrize(("text", "argument", "field", "directive"), ADDED)
def test_a_new_input_hurts_as_far_as_it_must_be_passed(text: str, argument: str, field: str, directive: str) -> None:
    assert levels(query("f(x: Int): ID"), query(f"f(x: Int, {text}): ID")) == {"field-argument-added": argument}
    old, new = query("id: ID", "input I { x: Int }"), query("id: ID", f"input I {{ x: Int {text} }}")
    assert levels(old, new) == {"input-field-added": field}
    old, new = query("id: ID", "directive @d on FIELD"), query("id: ID", f"directive @d({text}) on FIELD")
    assert levels(old, new) == {"directive-argument-added": directive}


ROOTS = [
    ("", "type Mutation { a: ID }", {"type-added": "info"}),
    ("type Mutation { a: ID }", "", {"type-removed": "breaking"}),
    (
        "schema { query: Query mutation: M } type M { a: ID }",
        "schema { query: Query } type M { a: ID }",
        {"schema-mutation-type-changed": "breaking"},
    ),
    ("schema { query: Query } type M { a: ID }", "schema { query: Query mutation: M } type M { a: ID }", {}),
    ("schema { query: Query mutation: M } type M { a: ID }", "schema { query: Query }", {"type-removed": "breaking"}),
    ("", "schema { query: Query }", {}),
]


@pytest.mark.parametrize(("old", "new", "expected"), ROOTS)
def test_roots_that_come_and_go(old: str, new: str, expected: dict[str, str]) -> None:
    assert levels(query("id: ID", old), query("id: ID", new)) == expected


def test_deprecation_is_told_with_its_reason() -> None:
    found = levels(query("a: ID b: ID"), query('a: ID @deprecated(reason: "Use b.") b: ID'))
    assert found == {"field-deprecation-added": "info", "field-deprecation-reason-added": "info"}


def test_removing_a_deprecated_field_is_still_breaking_and_says_so() -> None:
    (change,) = changes(query("a: ID @deprecated b: ID"), query("b: ID"))
    assert (change.rule, change.level) == ("field-removed", Level.BREAKING)
    assert "(it was deprecated)" in change.message


def test_what_to_do_is_said_where_the_rule_hurts() -> None:
    required, optional = query("f(a: Int!): ID"), query("f(a: Int): ID")
    assert [bool(change.hint) for change in changes(query("f: ID"), required)] == [True]
    assert [bool(change.hint) for change in changes(query("f: ID"), optional)] == [False]


def test_a_type_of_another_kind_is_one_finding() -> None:
    old, new = query("id: ID", "input A { a: Int b: Int }"), query("id: ID", "type A { c: Int }")
    assert levels(old, new) == {"type-kind-changed": "breaking"}


def test_arguments_of_a_directive_in_use_count_but_not_their_order() -> None:
    schema = "directive @d(a: Int, b: Int) on FIELD_DEFINITION type Query { id: ID @d(%s) }"
    assert levels(schema % "a: 1, b: 2", schema % "b: 2, a: 1") == {}
    assert levels(schema % "a: 1", schema % "a: 2") == {
        "directive-usage-field-definition-added": "warning",
        "directive-usage-field-definition-removed": "warning",
    }


def test_order_of_declarations_does_not_matter() -> None:
    old = query("a: ID b: ID", "enum E { A B } union U = Query | T type T { id: ID }")
    new = "type T { id: ID } union U = T | Query enum E { B A } type Query { b: ID a: ID }"
    assert changes(old, new) == []


def test_a_change_says_where_and_what() -> None:
    old = 'type Query {\n  "Words."\n  total: Int!\n}'
    new = "type Query {\n\n\n  total: Int\n}"
    words, change = changes(old, new)
    assert words.rule == "field-description-removed"
    assert (change.rule, change.path) == ("field-type-changed", "Query.total")
    assert (change.old_line, change.new_line) == (3, 4)
    assert (change.old, change.new) == ("Int!", "Int")
    assert change.message == "the field Query.total was of type Int! and is now Int; clients don't expect that"
    assert change.hint
