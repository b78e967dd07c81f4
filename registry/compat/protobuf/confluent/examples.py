"""The small files that the rules' examples are made of."""

from __future__ import annotations

from typing import Final

from registry.compat.model import Level
from registry.compat.rules import Rule

HEAD: Final = 'syntax = "proto3";\n'
ID: Final = "string id = 1;"


def message(body: str) -> str:
    """A proto3 file with one message."""
    return f"{HEAD}message Invoice {{ {body} }}"


def rule(key: str, level: Level, area: str, why: str, migrate: str, before: str, after: str) -> Rule:
    """A rule in the order in which one reads it."""
    return Rule(key, level, why, migrate, before, after, area=area)
