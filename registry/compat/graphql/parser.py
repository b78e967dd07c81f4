"""The library's parser, without what a comparison of schemas doesn't ask for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from graphql import Location, NameNode, SchemaDefinitionNode, Source, TokenKind, TypeNode
from graphql.language.parser import Parser

from registry.compat.graphql.lexer import QuickLexer

# A whole type reference, as it is mostly written: a name, perhaps in a list, and no sign or comment after it.
_TYPE: Final = re.compile(
    r"(?:[_A-Za-z][_0-9A-Za-z]*!?|\[[_A-Za-z][_0-9A-Za-z]*!?\]!?)(?=[ \t,\n]*[_A-Za-z\"@=(){}])(?![_0-9A-Za-z])"
)


class QuickParser(Parser):
    """Notes where names (and ``schema``) stand, and nothing else; counts no tokens.

    Args:
        source: what to parse.
        types: nodes of type references by their text, which it uses again and adds to.
    """

    def __init__(self, source: Source, types: dict[str, TypeNode]) -> None:
        self._quick = QuickLexer(source)
        super().__init__(source, no_location=True, lexer=self._quick)
        self._types = types

    def advance_lexer(self) -> None:
        """Go on to the next token."""
        self._quick.advance()

    def parse_name(self) -> NameNode:
        """A name, with its place."""
        token = self.expect_token(TokenKind.NAME)
        return NameNode(value=token.value or "", loc=Location(token, token, self._quick.source))

    def parse_schema_definition(self) -> SchemaDefinitionNode:
        """The only definition without a name."""
        start = self._quick.token
        found = super().parse_schema_definition()
        return replace(found, loc=Location(start, self._quick.last_token, self._quick.source))

    def parse_type_reference(self) -> TypeNode:
        """A type; the same node for the same text."""
        match = _TYPE.match(self._quick.source.body, self._quick.token.start)
        if match is None:
            return super().parse_type_reference()
        known = self._types.get(match.group())
        if known is None:
            known = self._types[match.group()] = super().parse_type_reference()
        else:
            self._quick.skip(match.end())
        return known
