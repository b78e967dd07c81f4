"""What is parsed in pieces, by the quicker lexer, is what the library parses from the whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from graphql import (
    GraphQLError,
    Lexer,
    Location,
    NameNode,
    Node,
    SchemaDefinitionNode,
    Source,
    TokenKind,
    TypeNode,
    parse,
    print_ast,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.compat.engine import check
from registry.compat.graphql import compare, syntax
from registry.compat.graphql.lexer import QuickLexer
from registry.compat.graphql.syntax import Definitions, Syntax, whole
from registry.compat.model import DocumentError, Format, Options

PIECES = st.sampled_from(
    [
        *(
            "type A { a: Int }",
            "type K { a: [Int!]! b : [ Int ] c:Int ! d: [[K]] e: Int # x\n ! f: Int!,g: Int @d }",
            '"text } {" type B { "x" b(c: Int = 1): [A!]! }',
            "scalar C",
            "union D = A | B",
        ),
        *('"""block { \\""" }""" enum E { X Y }', "# a } comment {", "input F { g: E = X, h: [F] = [{g: X}] }"),
        *(
            "directive @d(x: F = {g: Y}) repeatable on OBJECT | FIELD_DEFINITION",
            "extend type A @d(x: {g: X}) { z: C }",
        ),
        *(
            "schema { query: A }",
            "interface G { a: Int }",
            "type H implements G & I @d { a: Int }",
            "{ a }",
            "query Q { a }",
        ),
        *(
            '"',
            '"""',
            "}",
            "{",
            "(",
            ")",
            "[",
            "]",
            "\\",
            "é",
            "\ufeff",
            ",",
            "\r",
            "\r\n",
            "\n",
            "\t",
            "type",
            "J {",
            "k: Int",
        ),
        *(
            '"a\\n\\u0041\\""',
            '""',
            '"\x01"',
            '"unfinished\n',
            '"é — 𝄞"',
            "1.5",
            "-0",
            "01",
            "...",
            "..",
            "$v",
            "&",
            "@",
            "'",
            "#",
        ),
    ]
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from([" ", "\n", "", ", ", "\r\n"])), max_size=8).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)


def tokens(lexer: Lexer) -> list[tuple[object, ...]] | str:
    found: list[tuple[object, ...]] = []
    try:
        while True:
            token = lexer.advance()
            before = token.prev.start if token.prev else None
            found.append((token.kind, token.start, token.end, token.line, token.column, token.value, before))
            if token.kind is TokenKind.EOF:
                return found
    except GraphQLError as error:
        return f"{found} {error}"


@settings(max_examples=600, suppress_health_check=list(HealthCheck))
@given(TEXTS)
def test_the_quicker_lexer_gives_the_same_tokens_and_errors(text: str) -> None:
    assert tokens(QuickLexer(Source(text))) == tokens(Lexer(Source(text)))


def lines(syntax: Syntax) -> list[object]:
    found: list[object] = []

    def walk(node: Node) -> None:
        if isinstance(node, TypeNode):
            return  # one node for all places
        if isinstance(node, NameNode | SchemaDefinitionNode):
            assert isinstance(node.loc, Location)
            found.append((node.kind, syntax.line(node.loc)))
        for key in node.keys:
            value = getattr(node, key, None)
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, Node):
                    walk(inner)

    for definition in syntax.document.definitions:
        walk(definition)
    return found


def outcome(read: Callable[[], Syntax]) -> object:
    """The definitions as text and the line of each node, or the error."""
    try:
        found = read()
    except GraphQLError as error:
        return str(error)
    return print_ast(found.document), lines(found)


@settings(max_examples=600, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXTS, min_size=1, max_size=2))
def test_pieces_are_parsed_to_what_the_whole_is_with_the_same_lines(texts: list[str]) -> None:
    definitions = Definitions()
    for text in texts:
        found = outcome(lambda text=text: definitions.read(text))  # type: ignore[misc]
        # Blanks and comments alone are no document; in pieces they are one without definitions.
        assert found in (outcome(lambda text=text: whole(text)), ("", []))  # type: ignore[misc]


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(TEXTS, TEXTS)
def test_a_comparison_says_the_same_with_and_without_pieces(old: str, new: str) -> None:
    def said() -> object:
        try:
            return compare(old, new, Options(as_of=date(2026, 6, 1)))
        except DocumentError as error:
            return str(error)

    quickly = said()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(syntax, "_MAX_TOKENS", 0)
        patch.setattr(syntax, "parse", lambda text, **_: parse(text))
        assert said() == quickly or "declares no types" in str(quickly)


def test_lines_are_those_of_each_document() -> None:
    shared = "type Shared @x {\n  a: Int\n}\n"
    old = f"type Query {{ a: Shared }}\n{shared}type Gone {{ a: Int }}"
    new = f"type Query {{\n a: Shared\n b: Int }}\n\n\n{shared}extend type Shared @y {{ c: Int }}"
    changes = {
        change.rule: change for change in check(Format.GRAPHQL, old, new, options=Options(date(2026, 6, 1))).changes
    }
    usage = changes["directive-usage-object-added"]
    assert (usage.old_line, usage.new_line) == (2, 6)
    assert changes["type-removed"].old_line == 5
    assert {change.new_line for change in changes.values() if change.rule == "field-added"} == {9}


@pytest.mark.parametrize(
    "text", ['"""' + ' \\"""' * 20000, '"' + '\\"' * 100000, "}" * 100000, "{" * 100000, "type A {a:B}" * 5000], ids=len
)
def test_hostile_text_is_refused_in_bounded_time(text: str) -> None:
    with pytest.raises(DocumentError):
        compare(text, text, Options(as_of=date(2026, 6, 1)))
