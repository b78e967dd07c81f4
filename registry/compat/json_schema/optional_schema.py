from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.annotations import keyword_finding
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node


def compare_optional(ctx: Context, old: Node, new: Node, keyword: str) -> Iterator[Finding]:
    """A keyword whose value is a schema and whose absence says nothing."""
    before = old.place.child(keyword) if old.has(keyword) else None
    after = new.place.child(keyword) if new.has(keyword) else None
    if before is not None and after is not None:
        yield from ctx.inside(before, after)
    elif after is not None and ctx.node(after).asserts:
        yield keyword_finding("schema-added", old, new, keyword)
    elif before is not None and ctx.node(before).asserts:
        yield keyword_finding("schema-removed", old, new, keyword)
