from __future__ import annotations

from datetime import date

from registry.compat.model import Change, Level, Options
from registry.compat.protobuf import compare


def changes(old: str, new: str, category: str = "confluent") -> list[Change]:
    return compare(old, new, Options(as_of=date(2026, 1, 1), protobuf_category=category))


def proto3(body: str) -> str:
    return f'syntax = "proto3"; package shop; {body}'


def message(body: str) -> str:
    return proto3(f"message M {{ {body} }}")


def rules(old: str, new: str, category: str = "confluent") -> list[str]:
    return sorted(change.rule for change in changes(old, new, category))


def breaking(old: str, new: str, category: str = "confluent") -> list[str]:
    return sorted(change.rule for change in changes(old, new, category) if change.level is Level.BREAKING)
