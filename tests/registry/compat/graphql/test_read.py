"""Which texts are a schema, and what is said of those that are none."""

from __future__ import annotations

import json

import pytest
from graphql import build_schema, introspection_from_schema

from registry.compat.graphql.read import read
from registry.compat.graphql.syntax import Definitions
from registry.compat.model import DocumentError
from tests.registry.compat.graphql.test_rules import changes, levels

GOOD = "type Query { id: ID }"

BAD = [
    ("", None, "it is empty"),
    ("# words", 1, "Unexpected <EOF>"),
    ("type Query {\n id: \n}", 3, "Expected Name, found '}'"),
    ("type Query { id: ID ", 1, "Expected Name, found <EOF>"),
    ("type Query { id: Nope }", 1, "Unknown type 'Nope'"),
    ("type Query { id: ID }\n\ntype Query { id: ID }", 1, "There can be only one type named 'Query'"),
    ("type Query {\n id: ID\n id: ID }", 2, "Field 'Query.id' can only be defined once"),
    ("enum E { A A } type Query { id: ID }", 1, "Enum value 'E.A' can only be defined once"),
    ("query { id }", 1, "it declares no types"),
    ("type Query { id: ID }\ninput I { a: Query }", 2, "I.a can't be of type Query, which is for output only"),
    ("type Query { a: I }\ninput I { a: Int }", 1, "Query.a can't be of type I, which is for input only"),
    ("type Query { f(a: Query): ID }", 1, "Query.f.a can't be of type Query, which is for output only"),
    ("enum E { A }\nunion U = E type Query { id: ID }", 2, "U can't hold E, which is no object type"),
    ("type Query implements E { id: ID } enum E { A }", 1, "Query can't implement E, which is no interface"),
    ('{"data": {}}', None, "__schema is missing"),
    ('{"data": ', 1, "it starts like JSON, but is not valid"),
    ('{"__schema": {"types": []}}', None, "the new GraphQL schema: "),
    ('{"__schema": {"queryType": {"name": "Q"}, "types": [{"kind": "OBJECT", "name": "Q"}]}}', None, "missing"),
    (f"type Query {{ a(x: I = {'{x: ' * 400}1{'}' * 400}): ID }} input I {{ x: I }}", 1, "nested too deeply"),
    ("type Query { a: " + "[" * 3000 + "ID" + "]" * 3000 + "}", 1, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "words"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_schema_is_refused_at_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        changes(GOOD, text)
    assert words in caught.value.message
    assert caught.value.message.startswith("the new GraphQL schema: ")
    assert (caught.value.line, caught.value.path) == (line, "new")


def test_an_error_names_the_old_schema_too() -> None:
    with pytest.raises(DocumentError, match="the old GraphQL schema: it is empty"):
        changes("", GOOD)


def test_extensions_belong_to_their_type_or_stand_for_it() -> None:
    assert levels(GOOD, f"{GOOD} extend type Query {{ more: ID }}") == {"field-added": "info"}
    part = 'extend type Query @key(fields: "id") { more: ID } extend type Query { again: ID }'
    assert levels("type Query { more: ID again: ID }", part) == {"directive-usage-object-added": "warning"}
    for kind, body in (("scalar S", "@d"), ("interface I", "{ a: ID }"), ("union U", "= Query"), ("enum E", "{ A }")):
        assert levels(f"{GOOD} {kind} {body}", f"{GOOD} extend {kind} {body}") == {}
    assert levels(f"{GOOD} input I {{ a: ID }}", f"{GOOD} extend input I {{ a: ID }}") == {}


def test_directives_that_a_gateway_knows_need_no_declaration() -> None:
    federated = 'type Query @key(fields: "id") @key(fields: "a") { id: ID @external a: ID }'
    assert levels(federated, federated) == {}


@pytest.mark.parametrize("wrapped", [True, False])
def test_an_introspection_is_a_schema_without_lines(wrapped: bool) -> None:
    result = introspection_from_schema(build_schema("type Query { id: ID f(a: Int = 3): ID }"))
    text = json.dumps({"data": result} if wrapped else result)
    assert read(text, "old", Definitions()).syntax is None
    (default, removed) = changes(text, "type Query { f(a: Int = 4): ID }")[::-1]
    assert (default.rule, default.old, default.new) == ("field-argument-default-changed", "3", "4")
    assert (removed.rule, removed.old_line) == ("field-removed", None)
    assert default.new_line == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("type Query {\n a: Int\n}\ntype A {\n b: Nothing }", 5, "Unknown type 'Nothing'"),
        ("type Query {\n a(b: Nothing): Int\n}", 2, "Unknown type 'Nothing'"),
        ("type Query { a: Int }\nunion U = Query |\n Nothing", 3, "Unknown type 'Nothing'"),
        ("type Query { a: Int }\ntype B implements\n Nothing { a: Int }", 3, "Unknown type 'Nothing'"),
        ("schema { query: Query\n mutation: Nothing }\ntype Query { a: Int }", 2, "Unknown type 'Nothing'"),
        ("type Query { a: Int }\ndirective @d(a: Nothing) on FIELD", 2, "Unknown type 'Nothing'"),
        ("type Query { a: Int }\n\nquery ($a: Nothing) { a }", 3, "Unknown type 'Nothing'"),
        ("type Query { a: Int\n a: Int }\ntype A { b: Nothing }", 1, "can only be defined once"),
        ("type A { b: Nothing }\ntype Query { a: Int\n a: Int }", 1, "Unknown type 'Nothing'"),
        ("type Query { a: Int }\n type Query { a: Int }" + "\ntype Query { a: Int }" * 200, 1, "only one type named"),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        read(text, "old", Definitions())
    assert caught.value.line == line
