"""Buf's rules under their own ids (in lower case, with dashes), and the categories that each belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.compat.model import Level
from registry.compat.protobuf.buf.rows_declarations import DECLARATIONS
from registry.compat.protobuf.buf.rows_fields import FIELDS
from registry.compat.protobuf.buf.rows_files import CALLS, FILES
from registry.compat.protobuf.buf.rows_types import TYPES
from registry.compat.rules import Rule

_LETTERS: Final = {"F": "file", "P": "package", "J": "wire-json", "W": "wire"}
_ROWS: Final = (*DECLARATIONS, *TYPES, *FIELDS, *CALLS, *FILES)
CATEGORIES_OF: Final[Mapping[str, frozenset[str]]] = {
    row[0]: frozenset(_LETTERS[letter] for letter in row[1]) for row in _ROWS
}
RULES: Final[Mapping[str, Rule]] = {
    rule: Rule(
        rule,
        Level.BREAKING,
        why,
        migrate,
        before,
        after,
        config=f"protobuf_category: {_LETTERS[letters[0]]}",
        area=f"{area} (Buf: {', '.join(_LETTERS[letter] for letter in letters)})",
    )
    for rule, letters, area, why, migrate, before, after in _ROWS
}
