"""The shape of a row of Buf's rules, and the small files that the examples are made of."""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str, str, str, str, str]
"""Id, categories (F file, P package, J wire-json, W wire), area, why, migrate, before, after."""

HEAD: Final = 'syntax = "proto3";\n'
DEPRECATE: Final = "Keep it and mark it as deprecated."
RESERVE: Final = "Keep it as deprecated, or reserve what it used."
RESTORE: Final = "Leave it as it was."
NEW_FIELD: Final = "Add a new field with a new number."
NEW_CALL: Final = "Add a new call and mark this one as deprecated."


def message(body: str) -> str:
    """A proto3 file with one message."""
    return f"{HEAD}message M {{ {body} }}"


def enum(body: str) -> str:
    """A proto3 file with one enum."""
    return f"{HEAD}enum E {{ {body} }}"


def rpc(call: str) -> str:
    """A proto3 file with one service and two messages for it."""
    return f"{HEAD}message A {{}} message B {{}} service S {{ {call} }}"


TWO: Final = message("string a = 1; string b = 2;")
ONE: Final = message("string a = 1;")
VALUES: Final = enum("X = 0; Y = 1;")
VALUE: Final = enum("X = 0;")
EXTENDED: Final = "message M { extensions 10 to 20; } extend M { optional int32 x = 10; }"
EXTENSIBLE: Final = "message M { extensions 10 to 20; }"
