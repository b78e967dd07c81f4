"""The small schemas that the rules' examples are made of."""

from __future__ import annotations

from typing import Final

from registry.compat.model import Level
from registry.compat.rules import Rule

NOTHING: Final = "Nothing to do."


def query(fields: str, more: str = "") -> str:
    """A schema with these fields at its root, and more types."""
    return f"type Query {{ {fields} }} {more}".rstrip()


def rule(key: str, level: Level, why: str, migrate: str, pair: tuple[str, str]) -> Rule:
    """A rule in the order in which one reads it; its area is the first word of its id."""
    return Rule(key, level, why, migrate, *pair, area=key.partition("-")[0])
