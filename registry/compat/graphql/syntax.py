"""Parsing SDL in pieces of whole definitions, so that what two documents have in common is parsed once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import DefinitionNode, DocumentNode, GraphQLError, Location, Source, TypeNode, parse

from registry.compat.graphql.parser import QuickParser

# Also the characters of a text that is taken to pieces: none of these has more tokens.
_MAX_TOKENS: Final = 2_000_000
# Up to the next bracket that is none of a string's or comment's. A string without an end is none of a valid piece.
_NESTING: Final = re.compile(
    r"""
    [^"\#{}()\[\]]*
    (?: ["]{3} (?:\\["]{3}|(?!["]{3}).)* (?:["]{3})?
      | ["] (?:[^"\\\n\r]|\\.)* ["]?
      | [#] [^\n\r]*
      | ([{(\[])
      | ([})\]])
      | \Z
    )
    """,
    re.DOTALL | re.VERBOSE,
)
_OPEN, _CLOSE = 1, 2
_LINE: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Syntax:
    """A document's definitions; ``starts`` has the line at which each piece of it starts, by the ``id`` of its source."""

    document: DocumentNode
    starts: Mapping[int, int]

    def line(self, location: Location) -> int:
        """The line (from 1) of a name in the whole document."""
        return self.starts[id(location.source)] + location.start_token.line - 1


class Definitions:
    """The definitions parsed so far, by their text. A node may be part of several documents; it is never changed."""

    def __init__(self) -> None:
        self._parsed: dict[str, tuple[Source, tuple[DefinitionNode, ...]]] = {}
        self._types: dict[str, TypeNode] = {}

    def read(self, text: str) -> Syntax:
        """The definitions of a text.

        Raises:
            GraphQLError: see ``whole``.
        """
        try:
            return self._in_pieces(text) if len(text) <= _MAX_TOKENS else whole(text)
        except (GraphQLError, RecursionError):
            return whole(text)

    def _in_pieces(self, text: str) -> Syntax:
        definitions: list[DefinitionNode] = []
        starts: dict[int, int] = {}
        line = 1
        for piece in _pieces(text):
            if piece not in self._parsed or id(self._parsed[piece][0]) in starts:  # said twice, it stands in two places
                source = Source(piece)
                self._parsed[piece] = source, QuickParser(source, self._types).parse_document().definitions
            source, found = self._parsed[piece]
            definitions.extend(found)
            starts[id(source)] = line
            line += len(_LINE.findall(piece))
        return Syntax(DocumentNode(definitions=tuple(definitions)), starts)


def whole(text: str) -> Syntax:
    """A text parsed by the library alone.

    Raises:
        GraphQLError: it isn't valid, nested too deeply, or has too many tokens.
    """
    document = parse(text, max_tokens=_MAX_TOKENS)
    return Syntax(document, {id(document.loc.source): 1} if document.loc is not None else {})


def _pieces(text: str) -> Iterator[str]:
    """The text cut after each definition that ends with a brace (others stay with the one after them).

    It is cut where the parser sees two definitions too: strings and comments are told apart as the lexer does it, and
    where they can't be, the piece is no valid document.
    """
    depth = begin = 0
    for match in _NESTING.finditer(text):
        if match.lastindex == _OPEN:
            depth += 1
        elif match.lastindex == _CLOSE:
            depth -= 1
            if depth == 0 and match[_CLOSE] == "}":
                yield text[begin : match.end()]
                begin = match.end()
    rest = text[begin:]
    # Mostly nothing but blanks, which are no document.
    if rest.strip(" \t\n\r,\ufeff"):
        yield rest
