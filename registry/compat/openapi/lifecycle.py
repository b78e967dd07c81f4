"""Stability levels, deprecation and sunset dates, as the extensions x-stability-level and x-sunset say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

SUNSET: Final = "x-sunset"
STABILITY: Final = "x-stability-level"
LEVELS: Final = ("draft", "alpha", "beta", "stable")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Context:
    """What a verdict depends on beside the documents.

    ``deprecation_days`` are the least days between a deprecation and its sunset, by stability level; none by default.
    ``stability`` is the level of whatever declares none.
    """

    as_of: date
    deprecation_days: Mapping[str, int] = field(default_factory=dict)
    stability: str = ""

    def days(self, node: Mapping[str, Any]) -> int:
        """The notice, in days, that whoever deprecates this operation must give."""
        level = stability(node) or self.stability
        if level in ("draft", "alpha"):
            return 0
        return self.deprecation_days.get("beta" if level == "beta" else "stable", 0)


def stability(node: Mapping[str, Any]) -> str | None:
    """The stability level; empty if none is declared, None if it is none of the four."""
    level = node.get(STABILITY)
    if level is None:
        return ""
    return level if level in LEVELS else None


def is_unsettled(level: str | None) -> bool:
    """Whether a level promises nothing yet."""
    return level in ("draft", "alpha")


def is_deprecated(node: Mapping[str, Any]) -> bool:
    """Whether something is marked ``deprecated: true``."""
    return node.get("deprecated") is True


def sunset(node: Mapping[str, Any]) -> date | None:
    """The sunset date, from a date or an RFC 3339 time; None if it is neither."""
    text = node.get(SUNSET)
    if not isinstance(text, str):
        return None
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else datetime.fromisoformat(text).date()
    except ValueError:
        return None


def stability_move(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Either increased or decreased, or empty if neither; to withdraw a level is to decrease it."""
    before, after = stability(old), stability(new)
    if before is None or after is None or before == after or not before:
        return ""
    if not after:
        return "decreased"
    return "increased" if LEVELS.index(after) > LEVELS.index(before) else "decreased"
