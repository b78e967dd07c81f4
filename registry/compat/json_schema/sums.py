"""Choices: anyOf, oneOf, and lists of types where the other schema has one of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from registry.compat.json_schema.combinators import Branches, combinator_finding, distinct
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.disjoint import disjoint
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.matching import largest_pairing
from registry.compat.json_schema.node import Node, Place, canonical, common_types


def compare_sums(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """The keywords anyOf and oneOf: a choice of branches."""
    for keyword, branches in new.sums:
        after = distinct(branches)
        if keyword == "anyOf" and any(not ctx.node(branch).asserts for branch in after):
            continue
        kind, before = _counterpart(old, keyword)
        if keyword == "oneOf" and len(after) < len(branches) and not _same_branches(old.one_of, branches):
            # What fits a branch that stands there twice fits two branches.
            yield combinator_finding("one-of-branches-may-overlap", old, new, "oneOf")
        if kind == "allOf":
            yield from _all_to_choice(ctx, old, new, keyword, before, after)
        elif kind == "type":
            yield from _types_to_choice(ctx, old, new, keyword, before, after)
        elif before:
            yield from _choice(ctx, old, new, kind, keyword, before, after)
        else:
            yield from _choice_added(ctx, old, new, keyword, after)


def _counterpart(old: Node, keyword: str) -> tuple[str, list[Place]]:
    sums = dict(old.sums)
    if sums:
        kind = keyword if keyword in sums else next(iter(sums))
        return kind, distinct(sums[kind])
    if len(old.types) > 1 and old.has("type"):
        return "type", [old.place.part(f"+type:{name}", {**old.schema, "type": name}) for name in sorted(old.types)]
    if old.combinator == "allOf":
        return "allOf", list(old.all_of)
    return "", []


def _choice(
    ctx: Context, old: Node, new: Node, kind: str, keyword: str, before: Branches, after: Branches
) -> Iterator[Finding]:
    if kind == "oneOf" and keyword == "anyOf":
        yield combinator_finding("combined-type-extended", old, new, keyword, kind)
    elif kind == "anyOf" and keyword == "oneOf" and not _singletons(before, after):
        yield combinator_finding("combined-type-changed", old, new, keyword, kind)
        return
    if len(after) != len(before):
        change = "extended" if len(after) > len(before) else "narrowed"
        yield combinator_finding(f"sum-type-{change}", old, new, keyword, kind)
    pairing = largest_pairing(len(before), len(after), lambda one, other: ctx.fits(before[one], after[other]))
    if len(pairing) == min(len(before), len(after)):
        for position, other in pairing.items():
            yield from ctx.inside(before[position], after[other])
        if keyword == "oneOf":
            yield from _overlap(ctx, old, new, before, after, pairing)
        return
    pairs = _same_by_name(ctx, before, after)
    for one, two in pairs:
        # What differs within branches that are plainly the same tells more than that some branch differs.
        yield from ctx.inside(one, two)
    if not pairs:
        yield combinator_finding("combined-type-subschemas-changed", old, new, keyword, kind)


def _same_by_name(ctx: Context, before: Branches, after: Branches) -> list[tuple[Place, Place]]:
    """Pair branches by what they are called, if that pairs all of the shorter side, each with one of its own kind."""
    old, new = _named(ctx, before), _named(ctx, after)
    shorter, longer = (old, new) if len(before) <= len(after) else (new, old)
    by_position = len(before) != len(after) and any(isinstance(name, int) for name in shorter)
    if by_position or len(shorter) < min(len(before), len(after)) or not shorter.keys() <= longer.keys():
        return []
    pairs = [(old[name], new[name]) for name in shorter]
    alike = [bool(common_types(ctx.types(one), ctx.types(other))) for one, other in pairs]
    return pairs if all(alike) or alike.count(False) == 1 else []


def _named(ctx: Context, branches: Branches) -> dict[str | int, Place]:
    """Branches by the definition that they refer to, or their title, or their position."""
    found: dict[str | int, Place] = {}
    for position, branch in enumerate(branches):
        node = ctx.node(branch)
        title = node.get("title")
        referred = node.place.pointer if node.place.pointer != branch.pointer else None
        found[referred or (title if isinstance(title, str) else position)] = branch
    return found


def _same_branches(before: Branches, after: Branches) -> bool:
    return Counter(canonical(one.schema) for one in before) == Counter(canonical(one.schema) for one in after)


def _singletons(before: Branches, after: Branches) -> bool:
    return len(before) == 1 and len(after) == 1


def _all_to_choice(
    ctx: Context, old: Node, new: Node, keyword: str, before: Branches, after: Branches
) -> Iterator[Finding]:
    fitting = [branch for branch in after if any(ctx.fits(part, branch) for part in before)]
    if not fitting or (keyword == "oneOf" and len(after) > 1):
        yield combinator_finding("combined-type-changed", old, new, keyword, "allOf")
    else:
        yield combinator_finding("combined-type-extended", old, new, keyword, "allOf")


def _types_to_choice(
    ctx: Context, old: Node, new: Node, keyword: str, before: Branches, after: Branches
) -> Iterator[Finding]:
    """A list of types is a choice, too; several of them may find their place in one branch."""
    found = [
        (one, other) for one in range(len(before)) for other in range(len(after)) if ctx.fits(before[one], after[other])
    ]
    places = dict(reversed(found))
    if len(places) < len(before):
        yield combinator_finding("sum-type-narrowed" if places else "type-changed", old, new, keyword)
        return
    if len(after) > len(before):
        yield combinator_finding("sum-type-extended", old, new, keyword)
    for one, other in places.items():
        yield from ctx.on_trust(before[one], after[other])
    if keyword == "oneOf":
        yield from _overlap(ctx, old, new, before, after, places)


def _choice_added(ctx: Context, old: Node, new: Node, keyword: str, after: Branches) -> Iterator[Finding]:
    fitting = [position for position, branch in enumerate(after) if ctx.fits(old.place, branch)]
    if not fitting:
        if len(after) == 1:
            yield from ctx.inside(old.place, after[0])
        else:
            alien = all(disjoint(ctx, old.place, branch) for branch in after)
            yield combinator_finding("type-changed" if alien else "combined-type-added", old, new, keyword)
        return
    if len(after) > 1:
        yield combinator_finding("sum-type-extended", old, new, keyword)
    yield from ctx.inside(old.place, after[fitting[0]])
    if keyword == "oneOf":
        yield from _overlap(ctx, old, new, [old.place], after, {0: fitting[0]})


def _overlap(
    ctx: Context, old: Node, new: Node, before: Branches, after: Branches, pairing: dict[int, int]
) -> Iterator[Finding]:
    """A oneOf takes what exactly one branch takes: a wider or a further branch may take away what another one took."""
    kept = {other for one, other in pairing.items() if ctx.exactly(after[other], before[one])}
    for position in range(len(after)):
        for other in range(position):
            if position in kept and other in kept:
                continue
            if not disjoint(ctx, after[position], after[other]):
                yield combinator_finding("one-of-branches-may-overlap", old, new, "oneOf")
                return
