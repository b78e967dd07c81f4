from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node

KEYWORD = "confluent:reserved"


def compare_reserved(old: Node, new: Node) -> Iterator[Finding]:
    """Names that a schema sets aside so that nobody takes them again."""
    before, after = _names(old), _names(new)
    for name in sorted(before - after):
        yield _finding("reserved-property-removed", old, new, name)
    for name in sorted((before | after) & set(new.schema.get("properties", ()))):
        yield _finding("reserved-property-conflicts-with-property", old, new, name)


def _names(node: Node) -> set[str]:
    listed = node.get(KEYWORD)
    return {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()


def _finding(rule: str, old: Node, new: Node, name: str) -> Finding:
    def at(node: Node) -> str:
        return node.place.pointer + (f"/{KEYWORD}" if node.has(KEYWORD) else "")

    return Finding(rule, at(old), at(new), name, on_new=new.has(KEYWORD))
