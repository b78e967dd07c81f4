"""The library's lexer, quicker for what schemas are mostly made of: one expression reads blanks and the token after them.

Whatever that leaves (comments, block strings, escapes, numbers, errors) the library reads itself.
"""

from __future__ import annotations

import re
from typing import Final

from graphql import Lexer, Token, TokenKind

_COMMON: Final = re.compile(
    r"""([ \t,\n]*)(?:([_A-Za-z][_0-9A-Za-z]*)|([!$&():=@\[\]{|}])|"([ !#-\[\]-~\u00a0-\ud7ff\ue000-\uffff]+)")"""
)
_SIGNS: Final = {kind.value: kind for kind in TokenKind if len(kind.value) == 1}


class QuickLexer(Lexer):
    """See above: the same tokens as ``Lexer``."""

    def advance(self) -> Token:
        """Go on to the next token."""
        token = self.token
        if token.next is None and (following := self._common(token.end)) is not None:
            token.next, following.prev = following, token
            self.last_token, self.token = token, following
            return following
        return super().advance()

    def skip(self, end: int) -> None:
        """Go on to the token after an offset in the same line."""
        token = self.token
        self.token = Token(token.kind, token.start, end, token.line, token.column, token.value)
        self.advance()

    def read_next_token(self, start: int) -> Token:
        """The next token from an offset on."""
        return self._common(start) or super().read_next_token(start)

    def _common(self, start: int) -> Token | None:
        match = _COMMON.match(self.source.body, start)
        if match is None:
            return None
        blank, name, sign, string = match.groups()
        if "\n" in blank:
            self.line += blank.count("\n")
            self.line_start = start + blank.rindex("\n") + 1
        begin = start + len(blank)
        kind = TokenKind.NAME if name else _SIGNS[sign] if sign else TokenKind.STRING
        return Token(kind, begin, match.end(), self.line, begin - self.line_start + 1, name or string)
