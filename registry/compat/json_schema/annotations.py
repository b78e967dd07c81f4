from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node, canonical

_RULES = {
    "$id": "id-changed",
    "id": "id-changed",
    "title": "title-changed",
    "description": "description-changed",
    "default": "default-changed",
}


def compare_annotations(old: Node, new: Node) -> Iterator[Finding]:
    """What says something about the schema and nothing about the data."""
    for keyword, rule in _RULES.items():
        if not old.has(keyword) and not new.has(keyword):
            continue
        if old.has(keyword) and new.has(keyword) and canonical(old.get(keyword)) == canonical(new.get(keyword)):
            continue
        yield keyword_finding(rule, old, new, keyword)


def keyword_finding(rule: str, old: Node, new: Node, keyword: str) -> Finding:
    """A finding about one keyword of two schemas: it points at the keyword where it stands, else at the schema."""
    return Finding(
        rule,
        old.place.pointer + (f"/{keyword}" if old.has(keyword) else ""),
        new.place.pointer + (f"/{keyword}" if new.has(keyword) else ""),
        subject=keyword,
        old=old.get(keyword),
        new=new.get(keyword),
        on_new=new.has(keyword),
    )
