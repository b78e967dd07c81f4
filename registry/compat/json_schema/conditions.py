from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.annotations import keyword_finding
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.disjoint import disjoint
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node, Place


def compare_not(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """What was excluded must cover what is excluded now."""
    before = old.place.child("not") if old.has("not") else None
    after = new.place.child("not") if new.has("not") else None
    if after is None:
        if before is not None:
            yield keyword_finding("not-type-narrowed", old, new, "not")
    elif before is None:
        if not disjoint(ctx, old.place, after):
            yield keyword_finding("not-type-extended", old, new, "not")
    elif not ctx.exactly(after, before):
        yield keyword_finding("not-type-extended", old, new, "not")
    elif not ctx.exactly(before, after):
        yield keyword_finding("not-type-narrowed", old, new, "not")


def compare_conditions(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """if, then, else."""
    if not _conditional(new):
        if _conditional(old):
            yield keyword_finding("conditional-removed", old, new, "if")
        return
    then, otherwise = _branch(new, "then"), _branch(new, "else")
    if _conditional(old) and _same_test(ctx, old, new):
        yield from ctx.inside(_branch(old, "then"), then)
        yield from ctx.inside(_branch(old, "else"), otherwise)
    elif ctx.fits(old.place, then) and ctx.fits(old.place, otherwise):
        yield from ctx.on_trust(old.place, then)
        yield from ctx.on_trust(old.place, otherwise)
    else:
        yield keyword_finding(f"conditional-{'changed' if _conditional(old) else 'added'}", old, new, "if")


def _conditional(node: Node) -> bool:
    return node.has("if") and (node.has("then") or node.has("else"))


def _branch(node: Node, keyword: str) -> Place:
    return node.place.child(keyword) if node.has(keyword) else node.place.anything()


def _same_test(ctx: Context, old: Node, new: Node) -> bool:
    before, after = old.place.child("if"), new.place.child("if")
    return ctx.exactly(before, after) and ctx.exactly(after, before)
