"""What a payload looked like, with nothing of what it said. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_LONGEST, _MOST_MEMBERS, _MOST_ITEMS, _DEEPEST = 40, 12, 2, 4
_MOST_EXAMPLE = 500
# A member's name is the schema's business, unless it looks like a value: a mail address, an id, a person's full name.
_NAME = re.compile(r"(?!(?:\D*\d){4})[A-Za-z_$][\w$.-]{0,60}")


def example(value: Any) -> str:
    """A value as JSON in which letters are a or A, digits 9, and lists and texts are cut short."""
    text = json.dumps(_masked(value, 0), ensure_ascii=False)
    return text if len(text) <= _MOST_EXAMPLE else f"{text[:_MOST_EXAMPLE]}…"


def name(member: str) -> str:
    """A member's name as it may be shown."""
    return member if _NAME.fullmatch(member) else text(member)


def text(value: str) -> str:
    """The shape of a text."""
    shown = "".join(_masked_character(one) for one in value[:_LONGEST])
    return shown if len(value) <= _LONGEST else f"{shown}…"


def _masked_character(one: str) -> str:
    if one.isdigit():
        return "9"
    if one.isalpha():
        return "A" if one.isupper() else "a"
    return one if one.isprintable() else "?"


def _masked(value: Any, depth: int) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        shown = {name(str(key)): _masked(one, depth + 1) for key, one in list(value.items())[:_MOST_MEMBERS]}
        return shown | ({"…": len(value) - _MOST_MEMBERS} if len(value) > _MOST_MEMBERS else {})
    items = [_masked(one, depth + 1) for one in value[:_MOST_ITEMS]]
    return [*items, "…"] if len(value) > _MOST_ITEMS else items


def _number(value: float | Decimal) -> float | int | str:
    """As many digits, all of them 9."""
    shown = re.sub(r"\d", "9", str(value))[:_LONGEST]
    try:
        found = json.loads(shown)
    except ValueError:
        return shown
    return found if isinstance(found, int | float) else shown
