"""The words of a .proto text, and a cursor over them that says in one line what it had expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from registry.compat.model import DocumentError

_MAX_CHARACTERS: Final = 8_000_000
# Blanks and comments, and the piece after them: one group for each kind, the last for what is none.
_PIECE: Final = re.compile(
    r"""
    ((?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)*)
    (?:([A-Za-z_][A-Za-z0-9_]*)
      |((?:0[xX][0-9A-Fa-f]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))
      |("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      |([{}()\[\]<>;:,.=+\-]|/(?![*/]))
      |(.)
      |\Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(
    r"\\(?:[xX]([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL
)
_SHORT: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST_CHARACTER: Final = 0x10FFFF
_PLAIN: Final = frozenset({"word", "sign"})


class Token(NamedTuple):
    """A word, number, text, sign or the end, with its line from 1."""

    kind: str
    text: str
    line: int


class Cursor:
    """Where the reader stands in one of the two documents (``which``: "old" or "new")."""

    def __init__(self, text: str, which: str) -> None:
        self.which = which
        if len(text) > _MAX_CHARACTERS:
            raise self.error(f"has {len(text):,} characters; at most {_MAX_CHARACTERS:,} are compared", 1)
        self._tokens = list(self._split(text))
        self._at = 0

    def _split(self, text: str) -> Iterator[Token]:
        line = 1
        for match in _PIECE.finditer(text):
            blank, word, number, quoted, sign, other = match.groups()
            line += blank.count("\n")
            if word:
                yield Token("word", word, line)
            elif sign:
                yield Token("sign", sign, line)
            elif number:
                yield Token("number", number, line)
            elif quoted:
                yield Token("text", quoted, line)
                line += quoted.count("\n")
            elif other:
                rest = text[match.start(6) : match.start(6) + 20]
                raise self.error(f"cannot read {rest.splitlines()[0]!r}", line)
            else:
                break
        # Nobody looks further ahead than two.
        yield from [Token("end", "the end of the file", line)] * 3

    def error(self, message: str, line: int) -> DocumentError:
        """An error about one line of this document, to be raised by the caller."""
        return DocumentError(f"the {self.which} .proto file: {message}", line=line, path=self.which)

    def unexpected(self, wanted: str) -> DocumentError:
        """An error that the next token is not what must stand here."""
        return self.error(f"expected {wanted}, found {self.peek().text!r}", self.line)

    @property
    def line(self) -> int:
        """The line of the next token."""
        return self.peek().line

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one further on, without taking it."""
        return self._tokens[self._at + ahead]

    def next(self) -> Token:
        """Take the next token."""
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these words or signs."""
        kind, text, _ = self._tokens[self._at]
        return text in texts and kind in _PLAIN

    def accept(self, text: str) -> bool:
        """Take the next token if it is this word or sign."""
        token = self._tokens[self._at]
        found = token.text == text and token.kind in _PLAIN
        self._at += found
        return found

    def expect(self, text: str) -> None:
        """Take this word or sign, or fail."""
        if not self.accept(text):
            raise self.unexpected(repr(text))

    def name(self, what: str) -> str:
        """Take a simple name."""
        if self.peek().kind != "word":
            raise self.unexpected(what)
        return self.next().text

    def full_name(self, what: str) -> str:
        """Take a name with dots, perhaps with one before it."""
        dot = "." if self.accept(".") else ""
        parts = [self.name(what)]
        while self.accept("."):
            parts.append(self.name(what))
        return dot + ".".join(parts)

    def whole(self, what: str) -> int:
        """Take a whole number: decimal, 0x..., 0... or with a minus sign."""
        negative = self.accept("-")
        token = self.peek()
        value = _whole(token.text) if token.kind == "number" else None
        if value is None:
            raise self.unexpected(what)
        self.next()
        return -value if negative else value

    def string(self, what: str) -> str:
        """Take a quoted text; several in a row are one."""
        if self.peek().kind != "text":
            raise self.unexpected(what)
        parts = []
        while self.peek().kind == "text":
            token = self.next()
            parts.append(_ESCAPE.sub(self._unescape, token.text[1:-1]))
        return "".join(parts)

    def _unescape(self, match: re.Match[str]) -> str:
        hexadecimal, octal, short, long, other = match.groups()
        if octal:
            return chr(int(octal, 8) & 0xFF)
        code = hexadecimal or short or long
        if code:
            return chr(min(int(code, 16), _LAST_CHARACTER))
        return _SHORT.get(other, other)


def _whole(text: str) -> int | None:
    try:
        if text[:2] in {"0x", "0X"}:
            return int(text, 16)
        return int(text, 8) if text.startswith("0") and text != "0" else int(text)
    except ValueError:
        return None
