"""Verdicts tried on real calls: a query that was valid for the old schema must be valid for a "compatible" new one."""

from __future__ import annotations

import pytest
from graphql import build_schema, parse, validate
from graphql.utilities import find_breaking_changes, find_dangerous_changes
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import queries

from registry.compat.graphql import RULES
from registry.compat.model import Level
from tests.registry.compat.graphql.test_rules import changes

SCALARS = st.sampled_from(["Int", "Int!", "String", "[Int]", "[Int!]!", "E", "E!"])
# What GraphQL's reference implementation doesn't look at, or lets pass.
UNKNOWN_TO_THE_REFERENCE = {
    "schema-query-type-changed",
    "schema-mutation-type-changed",
    "schema-subscription-type-changed",
    "directive-argument-type-changed",
    "directive-argument-default-value-changed",
    "input-field-default-value-changed",
    "field-deprecation-removed",
}


@st.composite
def schemas(draw: st.DrawFn) -> str:
    """Few names and many shapes, so that two draws differ in a few places that matter."""

    def some(*choices: str) -> str:
        return draw(st.sampled_from(choices))

    arguments = some("", "(x: Int)", "(x: Int!)", "(x: Int! = 1)", "(x: E)", "(x: I)", "(x: Int, y: [Int!])")
    inputs = f"a: {draw(SCALARS)} {some('', 'b: Int', 'b: Int!', 'b: Int! = 2')}"
    return f"""
        type Query {{ f{arguments}: {draw(SCALARS)} {some("", "g: String")} t: T n: Node u: U again(i: I): Query }}
        interface Node {{ id: {some("ID", "ID!")} {some("", "label: String")} }}
        type T {some("", "implements Node")} {{ id: ID! label: String {some("", "more: [T]")} }}
        type V implements Node {{ id: ID! label: String }}
        union U = {some("T", "T | V", "V")}
        enum E {{ A {some("", "B")} {some("", "C")} }}
        input I {{ {inputs} }}
    """


@st.composite
def evolutions(draw: st.DrawFn) -> tuple[str, str]:
    """Two schemas that differ in one line or two."""
    old, other = draw(schemas()).splitlines(), draw(schemas()).splitlines()
    new = list(old)
    for line in draw(st.lists(st.integers(0, len(old) - 1), min_size=1, max_size=2)):
        new[line] = other[line]
    return "\n".join(old), "\n".join(new)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(evolutions(), st.data())
def test_calls_for_the_old_schema_are_valid_under_a_compatible_one(pair: tuple[str, str], data: st.DataObject) -> None:
    old, new = pair
    assume(old != new)
    breaking = any(change.level is Level.BREAKING for change in changes(old, new))
    event("breaking" if breaking else "compatible")
    if not breaking:
        call = data.draw(queries(old))
        assert validate(build_schema(new), parse(call)) == [], call


@settings(max_examples=150, deadline=None)
@given(evolutions())
def test_what_the_reference_finds_breaking_we_do_too(pair: tuple[str, str]) -> None:
    old, new = pair
    theirs = find_breaking_changes(build_schema(old), build_schema(new))
    ours = [change.rule for change in changes(old, new) if change.level is Level.BREAKING]
    assert bool(theirs) == bool(ours), (theirs, ours)


@pytest.mark.parametrize("key", sorted(set(RULES) - UNKNOWN_TO_THE_REFERENCE))
def test_each_rule_weighs_as_in_the_reference(key: str) -> None:
    rule = RULES[key]
    old, new = build_schema(rule.before, assume_valid=True), build_schema(rule.after, assume_valid=True)
    assert bool(find_breaking_changes(old, new)) == (rule.level is Level.BREAKING)
    if not key.startswith("directive-usage"):
        assert bool(find_dangerous_changes(old, new)) == (rule.level is Level.WARNING)
