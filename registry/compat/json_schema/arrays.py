from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.compat.json_schema.annotations import keyword_finding
from registry.compat.json_schema.bounds import compare_counts
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node, Place, canonical
from registry.compat.json_schema.object_view import is_closed, is_open


@dataclass(frozen=True, slots=True)
class ArrayView:
    """What a schema says about items: the first ones by position, and the rest."""

    node: Node
    first: tuple[Place, ...]
    first_keyword: str
    rest: Place
    rest_keyword: str

    def at(self, position: int) -> Place:
        """The schema of the item at a position from 0."""
        return self.first[position] if position < len(self.first) else self.rest


def array_view(node: Node) -> ArrayView:
    """Sort out the keywords about items, of draft 2020-12 (prefixItems, items) or before (items, additionalItems)."""
    if isinstance(node.get("items"), list):
        first_keyword, rest_keyword = "items", "additionalItems"
    else:
        first_keyword, rest_keyword = "prefixItems", "items"
    if not node.has(rest_keyword) and node.has("unevaluatedItems") and not _evaluates_beside(node):
        rest_keyword = "unevaluatedItems"
    positions = range(len(node.get(first_keyword) or ()))
    return ArrayView(
        node=node,
        first=tuple(node.place.child(first_keyword, str(position)) for position in positions),
        first_keyword=first_keyword,
        rest=node.place.child(rest_keyword) if node.has(rest_keyword) else node.place.anything(),
        rest_keyword=rest_keyword,
    )


def compare_arrays(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """All that is said about arrays."""
    yield from compare_counts(old, new, "maxItems", "minItems")
    if bool(old.get("uniqueItems")) != bool(new.get("uniqueItems")):
        change = "removed" if old.get("uniqueItems") else "added"
        yield keyword_finding(f"unique-items-{change}", old, new, "uniqueItems")
    before, after = array_view(old), array_view(new)
    for position in range(max(len(before.first), len(after.first))):
        yield from _position(ctx, before, after, position)
    yield from _rest(ctx, before, after)
    yield from _contains(ctx, old, new)
    yield from _unevaluated(old, new)


def _evaluates_beside(node: Node) -> bool:
    return node.applies_others or node.has("contains")


def _position(ctx: Context, before: ArrayView, after: ArrayView, position: int) -> Iterator[Finding]:
    old, new = before.at(position), after.at(position)
    if position >= len(after.first):
        if is_open(ctx, after.rest):
            rule = "item-removed-from-open-content-model"
        elif is_closed(ctx, after.rest):
            false = is_closed(ctx, old)
            rule = f"item-{'with-false-' if false else ''}removed-from-closed-content-model"
        else:
            covered = "is" if ctx.fits(old, new) else "not"
            if covered == "is":
                yield from ctx.on_trust(old, new)
            rule = f"item-removed-{covered}-covered-by-partially-open-content-model"
    elif position >= len(before.first):
        if is_open(ctx, before.rest):
            empty = is_open(ctx, new)
            rule = f"item-{'with-empty-schema-' if empty else ''}added-to-open-content-model"
        elif is_closed(ctx, before.rest):
            rule = "item-added-to-closed-content-model"
        else:
            covered = "is" if ctx.fits(old, new) else "not"
            if covered == "is":
                yield from ctx.on_trust(old, new)
            rule = f"item-added-{covered}-covered-by-partially-open-content-model"
    else:
        yield from ctx.inside(old, new)
        return
    yield Finding(
        rule,
        _at(before, position),
        _at(after, position),
        subject=str(position),
        old=old.schema,
        new=new.schema,
        on_new=position < len(after.first),
    )


def _at(view: ArrayView, position: int) -> str:
    there = position < len(view.first)
    return view.node.place.pointer + (f"/{view.first_keyword}/{position}" if there else "")


def _rest(ctx: Context, before: ArrayView, after: ArrayView) -> Iterator[Finding]:
    """The items past the listed ones; without any listed, this is the schema of all items."""
    was_open, now_open = is_open(ctx, before.rest), is_open(ctx, after.rest)
    was_closed, now_closed = is_closed(ctx, before.rest), is_closed(ctx, after.rest)
    listed = bool(before.first or after.first)
    if (was_open and now_open) or (was_closed and now_closed):
        return
    if was_open and not listed:
        yield _rest_finding("schema-added", before, after)
    elif now_open and not listed:
        yield _rest_finding("schema-removed", before, after)
    elif was_closed:
        yield _rest_finding("additional-items-added", before, after)
    elif now_closed:
        yield _rest_finding("additional-items-removed", before, after)
    elif was_open:
        yield _rest_finding("additional-items-narrowed", before, after)
    elif now_open:
        yield _rest_finding("additional-items-extended", before, after)
    else:
        yield from ctx.inside(before.rest, after.rest)


def _rest_finding(rule: str, before: ArrayView, after: ArrayView) -> Finding:
    def at(view: ArrayView) -> str:
        there = view.node.has(view.rest_keyword)
        return view.node.place.pointer + (f"/{view.rest_keyword}" if there else "")

    keyword = after.rest_keyword if after.node.has(after.rest_keyword) else before.rest_keyword
    on_new = after.node.has(after.rest_keyword)
    return Finding(rule, at(before), at(after), keyword, before.rest.schema, after.rest.schema, on_new=on_new)


def _contains(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """The keyword contains asks for at least minContains (1) and at most maxContains items of a kind."""
    least_before, least_after = _at_least(old), _at_least(new)
    if least_after:
        if not least_before:
            yield keyword_finding("schema-added", old, new, "contains")
        else:
            yield from ctx.inside(old.place.child("contains"), new.place.child("contains"))
            if least_after > least_before:
                yield keyword_finding("min-contains-increased", old, new, "minContains")
    elif least_before:
        yield keyword_finding("schema-removed", old, new, "contains")
    if new.has("contains") and new.has("maxContains"):
        yield from _at_most(ctx, old, new)


def _at_least(node: Node) -> int:
    if not node.has("contains"):
        return 0
    return int(node.get("minContains")) if node.has("minContains") else 1


def _at_most(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """An upper bound holds on only if no more items count: the counted kind may not grow."""
    most = old.get("maxContains") if old.has("contains") else None
    if most is None:
        yield keyword_finding("max-contains-added", old, new, "maxContains")
    elif new.get("maxContains") < most:
        yield keyword_finding("max-contains-decreased", old, new, "maxContains")
    elif not ctx.exactly(new.place.child("contains"), old.place.child("contains")):
        yield keyword_finding("max-contains-counts-more", old, new, "contains")


def _unevaluated(old: Node, new: Node) -> Iterator[Finding]:
    """Which items count as evaluated is not worked out: with schemas applied beside it, any change is refused."""
    if not new.has("unevaluatedItems") or not _evaluates_beside(new):
        return
    if not old.has("unevaluatedItems") or canonical(old.schema) != canonical(new.schema):
        yield keyword_finding("unevaluated-items-changed", old, new, "unevaluatedItems")
