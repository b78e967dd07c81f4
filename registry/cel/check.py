"""Finding facts that don't exist in an expression before it is kept.

CEL's own compiler knows the grammar but not our facts, so the names are followed here: from a fact to its members, through
lists and the names that macros bind. What can't be followed (a member of a computed value) is left to the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.cel.facts import OBJECTS, ROOTS, Occasion, roots_on
from registry.cel.functions import MACROS, OWN, STANDARD
from registry.cel.types import Type, read_type
from registry.nearest import did_you_mean, nearest

_TOKEN = re.compile(
    r'(?P<space>\s+|//[^\n]*)|(?P<text>[rRbB]{0,2}(?:"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'))|(?P<number>\d[\w.]*)|(?P<name>[A-Za-z_]\w*)|(?P<mark>.)',
    re.DOTALL,
)
_RAW_TEXT = re.compile(r"[rR]\"[^\"\n]*\"|[rR]'[^'\n]*'")
_ANY = Type("any", "any")
_WORDS = frozenset({"true", "false", "null", "in"})


class ExpressionError(ValueError):
    """An expression that can't be used: what is wrong and, as ``at``, at which character from 1."""

    def __init__(self, message: str, at: int | None = None) -> None:
        self.message, self.at = message, at
        super().__init__(f"at character {at}: {message}" if at is not None else message)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def check_names(source: str, occasion: Occasion, parameters: Mapping[str, object]) -> None:
    """Raise ``ExpressionError`` for the first fact, member or function that does not exist, with the nearest that does."""
    known = {name: root.type for name, root in roots_on(occasion).items()}
    _Walk(_tokens(source), occasion, known, frozenset(parameters)).run()


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while position < len(source):
        match = _RAW_TEXT.match(source, position) or _TOKEN.match(source, position)
        if match is None:  # pragma: no cover -- the last branch takes any character
            break
        kind = "text" if match.re is _RAW_TEXT else str(match.lastgroup)
        if kind != "space":
            found.append(_Token(kind, match.group(), position + 1))
        position = match.end()
    return found


@dataclass
class _Walk:
    tokens: list[_Token]
    occasion: Occasion
    known: dict[str, Type]
    parameters: frozenset[str]
    at: int = 0
    bound: list[tuple[str, Type]] = field(default_factory=list)

    def run(self) -> None:
        while self.at < len(self.tokens):
            self._expression()
            self.at += 1  # a closing mark without its opening: CEL's own parser says so

    def _peek(self, ahead: int = 0) -> _Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else _Token("end", "", 0)

    def _expression(self) -> None:
        """Up to the mark that closes this one."""
        while self.at < len(self.tokens):
            token = self._peek()
            if token.kind == "mark" and token.text in ")]}":
                return
            if token.kind == "mark" and token.text in "([{":
                self._closed()
                self._members(_ANY)
            elif token.kind == "name" and token.text not in _WORDS:
                self._name(token)
            elif token.kind == "text":
                self.at += 1
                self._members(_ANY)
            else:
                self.at += 1

    def _closed(self) -> None:
        """What stands between two brackets."""
        self.at += 1
        self._expression()
        self.at += 1

    def _name(self, token: _Token) -> None:
        self.at += 1
        if self._peek().text == "(":
            self._function(token)
            self._closed()
            self._members(_ANY)
        elif token.text == "parameters":
            self._parameter(token)
        else:
            self._members(self._root(token))

    def _root(self, token: _Token) -> Type:
        for name, of in reversed(self.bound):
            if name == token.text:
                return of
        if token.text in self.known:
            return self.known[token.text]
        if token.text in ROOTS:
            on = " and ".join(ROOTS[token.text].on)
            raise ExpressionError(f"{token.text} is a fact of {on}, not of {self.occasion}", token.at)
        hint = did_you_mean(token.text, [*self.known, *(name for name, _ in self.bound), "parameters"])
        raise ExpressionError(f"there is no fact {token.text!r}{hint}", token.at)

    def _parameter(self, token: _Token) -> None:
        name = self._peek(1)
        if self._peek().text != "." or name.kind != "name":
            raise ExpressionError("name the parameter, as in parameters.days", token.at)
        if name.text not in self.parameters:
            hint = did_you_mean(name.text, self.parameters) or "; the policy has none"
            raise ExpressionError(f"there is no parameter {name.text!r}{hint}", name.at)
        self.at += 2
        self._members(_ANY)

    def _members(self, of: Type) -> None:
        """Follow ``.member``, ``.method(...)`` and ``[index]`` for as long as they go on."""
        while True:
            mark, name = self._peek(), self._peek(1)
            if mark.text == "[":
                self._closed()
                of = _element(of)
            elif mark.text == "." and name.kind == "name":
                self.at += 2
                of = self._method(of, name) if self._peek().text == "(" else _member(of, name)
            else:
                return

    def _method(self, of: Type, name: _Token) -> Type:
        if name.text not in MACROS:
            self._function(name)
            self._closed()
            return _ANY
        variable = self._peek(1)
        self.bound.append((variable.text, _element(of, keys=True)))
        self._closed()
        self.bound.pop()
        return of if name.text == "filter" else _ANY

    def _function(self, token: _Token) -> None:
        if token.text not in OWN and token.text not in STANDARD:
            known = [*OWN, *STANDARD, *MACROS]
            guess = nearest(token.text, known)
            hint = f"; did you mean {guess}?" if guess else ""
            raise ExpressionError(f"there is no function {token.text!r}{hint}", token.at)


def _element(of: Type, *, keys: bool = False) -> Type:
    if of.many == "list":
        return read_type(of.of)
    return read_type("string") if of.many == "map" and keys else _ANY


def _member(of: Type, name: _Token) -> Type:
    if of.many == "map" or of.of == "any":
        return _ANY
    if of.many == "list":
        raise ExpressionError(f"{name.text!r} is asked of a list; ask for one of it, or use exists()", name.at)
    members = OBJECTS.get(of.of)
    if members is None:
        raise ExpressionError(f"{name.text!r} is asked of a {of.of}, which has no parts", name.at)
    if name.text not in members:
        raise ExpressionError(f"{of.of} has no {name.text!r}{did_you_mean(name.text, members)}", name.at)
    return members[name.text].type
