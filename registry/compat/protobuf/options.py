"""Options, in all the places that .proto files have them: ``option x = 1;`` and ``[x = 1, (y).z = {...}]``."""

from __future__ import annotations

from typing import Any, Final

from registry.compat.protobuf.tokens import Cursor

_PAIRS: Final = {"{": "}", "[": "]", "<": ">"}


def read_option(cursor: Cursor, options: dict[str, Any]) -> None:
    """``name = value``; the value goes into ``options`` under its name as written."""
    name = _option_name(cursor)
    cursor.expect("=")
    options[name] = _value(cursor)


def option_statement(cursor: Cursor, options: dict[str, Any]) -> None:
    """``option name = value;`` after the word ``option``."""
    read_option(cursor, options)
    cursor.expect(";")


def bracketed_options(cursor: Cursor) -> dict[str, Any]:
    """``[name = value, ...]``, or nothing."""
    options: dict[str, Any] = {}
    if cursor.accept("["):
        while True:
            read_option(cursor, options)
            if not cursor.accept(","):
                break
        cursor.expect("]")
    return options


def _option_name(cursor: Cursor) -> str:
    parts = [_name_part(cursor)]
    while cursor.accept("."):
        parts.append(_name_part(cursor))
    return ".".join(parts)


def _name_part(cursor: Cursor) -> str:
    if cursor.accept("("):
        name = cursor.full_name("the name of an option")
        cursor.expect(")")
        return f"({name.removeprefix('.')})"
    return cursor.name("the name of an option")


def _value(cursor: Cursor) -> Any:
    token = cursor.peek()
    if token.kind == "text":
        return cursor.string("a value")
    if cursor.at("{"):
        return _aggregate(cursor)
    sign = "-" if cursor.accept("-") else ""
    cursor.accept("+")
    token = cursor.peek()
    if token.kind not in {"word", "number"}:
        raise cursor.unexpected("a value")
    cursor.next()
    if token.kind == "word":
        return {"true": True, "false": False}.get(token.text, sign + token.text)
    return sign + token.text


def _aggregate(cursor: Cursor) -> str:
    """A message in text format, as its words: options of one's own are compared as written."""
    words = []
    closing: list[str] = []
    while True:
        token = cursor.peek()
        if token.kind == "end":
            raise cursor.unexpected(f"{closing[-1]!r}")
        cursor.next()
        words.append(token.text)
        if token.kind == "sign" and token.text in _PAIRS:
            closing.append(_PAIRS[token.text])
        elif token.kind == "sign" and token.text == closing[-1]:
            closing.pop()
            if not closing:
                return " ".join(words)
