from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.annotations import compare_annotations
from registry.compat.json_schema.arrays import compare_arrays
from registry.compat.json_schema.bounds import compare_numbers, compare_strings
from registry.compat.json_schema.combinators import combinator_finding, compare_all_of, own_keywords
from registry.compat.json_schema.conditions import compare_conditions, compare_not
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import ASSERTS, Node, Place, common_types
from registry.compat.json_schema.objects import compare_objects
from registry.compat.json_schema.sums import compare_sums
from registry.compat.json_schema.types import compare_types, compare_values


def compare_pair(ctx: Context, old_place: Place, new_place: Place) -> Iterator[Finding]:
    """Every difference of two schemas, not going into those that stand within them."""
    old, new = ctx.node(old_place), ctx.node(new_place)
    if old.never:
        if not new.never:
            yield _whole("type-extended", ctx, old, new)
    elif new.never:
        yield _whole("type-changed", ctx, old, new)
    elif (only := _only_branch(old)) is not None and old.combinator != new.combinator:
        yield from ctx.inside(only, new_place)
    elif (only := _only_branch(new)) is not None and old.combinator != new.combinator:
        yield from ctx.inside(old_place, only)
    else:
        yield from compare_annotations(old, new)
        yield from _own(ctx, old, new)
        yield from compare_all_of(ctx, old, new)
        yield from compare_sums(ctx, old, new)
        yield from compare_not(ctx, old, new)
        yield from compare_conditions(ctx, old, new)
        if new.opaque is not None and new.opaque != old.opaque:
            yield _reference(old, new)


def _only_branch(node: Node) -> Place | None:
    """The one schema that a combinator of one holds: the same as that schema."""
    branches = (*node.all_of, *node.any_of, *node.one_of)
    return branches[0] if node.combinator and len(branches) == 1 else None


def _whole(rule: str, ctx: Context, old: Node, new: Node) -> Finding:
    was, now = sorted(ctx.types(old.place)), sorted(ctx.types(new.place))
    return Finding(rule, old.place.pointer, new.place.pointer, old=was, new=now)


def _reference(old: Node, new: Node) -> Finding:
    return Finding("reference-changed", old.place.pointer, new.place.pointer, "$ref", old.opaque, new.opaque)


def _own(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """The keywords of the schema itself; what they newly ask for may be what the old combinators asked for."""
    if new.combinator:
        return
    findings = list(_own_keywords(ctx, old, new))
    breaking = any(ctx.breaks(finding) for finding in findings)
    implying = _implying(ctx, old, new) if breaking else []
    if implying:
        # What remains to be told (a doubtful oneOf) is told by the parts that imply it.
        for part, own in implying:
            yield from ctx.on_trust(part, own)
        findings = [finding for finding in findings if not ctx.breaks(finding)]
    elif breaking and any(old.sums) and not any(new.sums) and not _asserts_itself(old):
        yield combinator_finding("sum-type-narrowed", old, new, next(keyword for keyword, _ in old.sums))
        return
    yield from findings
    if not breaking and not old.asserts and own_keywords(new).keys() & (ASSERTS - {"type"}):
        yield _whole("empty-schema-described", ctx, old, new)
    if not any(new.sums) and not new.all_of:
        for keyword, _ in old.sums:
            yield combinator_finding("combined-type-removed", old, new, keyword)


def _implying(ctx: Context, old: Node, new: Node) -> list[tuple[Place, Place]]:
    """The parts of the old combinators that imply the new schema's own keywords, beside those keywords."""
    own = new.place.part("+own", own_keywords(new))
    if new.has("unevaluatedProperties") or new.has("unevaluatedItems"):
        return []  # they judge by all parts together
    for part in old.all_of:
        if ctx.fits(part, own):
            return [(part, own)]
    for _, branches in old.sums:
        if all(ctx.fits(branch, own) for branch in branches):
            return [(branch, own) for branch in branches]
    return []


def _asserts_itself(node: Node) -> bool:
    return Node(node.place, own_keywords(node), node.types, node.values, (), (), (), None).asserts


def _own_keywords(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    yield from compare_types(ctx, old, new)
    possible = common_types(ctx.types(old.place), new.types)
    if not possible:
        return
    yield from compare_values(old, new, possible)
    if not possible.isdisjoint({"number", "integer"}):
        yield from compare_numbers(old, new, possible)
    if "string" in possible:
        yield from compare_strings(old, new)
    if "object" in possible:
        yield from compare_objects(ctx, old, new)
    if "array" in possible:
        yield from compare_arrays(ctx, old, new)
