from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.object_view import ObjectView, is_closed, is_open


def compare_extra(ctx: Context, before: ObjectView, after: ObjectView) -> Iterator[Finding]:
    """The content models themselves: what is said about members that are not listed."""
    was_open, now_open = is_open(ctx, before.extra), is_open(ctx, after.extra)
    was_closed, now_closed = is_closed(ctx, before.extra), is_closed(ctx, after.extra)
    if (was_open and now_open) or (was_closed and now_closed):
        return
    if was_closed:
        yield extra_finding("additional-properties-added", before, after)
    elif now_closed:
        yield extra_finding("additional-properties-removed", before, after)
    elif was_open:
        yield extra_finding("additional-properties-narrowed", before, after)
    elif now_open:
        yield extra_finding("additional-properties-extended", before, after)
    else:
        yield from ctx.inside(before.extra, after.extra)


def extra_finding(rule: str, before: ObjectView, after: ObjectView) -> Finding:
    """A finding about the schema of members that are not listed."""

    def at(view: ObjectView) -> str:
        there = view.node.has(view.extra_keyword)
        return view.node.place.pointer + (f"/{view.extra_keyword}" if there else "")

    keyword = after.extra_keyword if after.node.has(after.extra_keyword) else before.extra_keyword
    return Finding(rule, at(before), at(after), keyword, before.extra.schema, after.extra.schema)
