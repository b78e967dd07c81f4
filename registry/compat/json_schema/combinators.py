from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.disjoint import disjoint
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.matching import largest_pairing
from registry.compat.json_schema.node import Node, Place, canonical, common_types

Branches = Sequence[Place]
_COMBINATORS = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "$dynamicRef", "$recursiveRef"}


def distinct(branches: Branches) -> list[Place]:
    """The branches without repetitions."""
    found: dict[str, Place] = {}
    for branch in branches:
        found.setdefault(canonical(branch.schema), branch)
    return list(found.values())


def compare_all_of(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """allOf, and a reference that has other keywords beside it: every part must hold."""
    before = [part for part in distinct(old.all_of) if ctx.node(part).asserts]
    after = [part for part in distinct(new.all_of) if ctx.node(part).asserts]
    if not before:
        for part in after:
            yield from ctx.inside(old.place, part)
        return
    if len(after) < len(before) and (after or not any(new.sums)):
        yield combinator_finding("product-type-narrowed", old, new, "allOf")
    elif len(after) > len(before):
        yield combinator_finding("product-type-extended", old, new, "allOf")
        return
    # From the new side: each of its parts must be implied by a part of the old one.
    pairing = largest_pairing(len(after), len(before), lambda one, other: ctx.fits(before[other], after[one]))
    unpaired = [part for position, part in enumerate(after) if position not in pairing]
    for position, other in pairing.items():
        yield from ctx.inside(before[other], after[position])
    if len(unpaired) == 1 and len(after) == len(before):
        spare = next(part for position, part in enumerate(before) if position not in pairing.values())
        own = own_part(old)
        if ctx.fits(own, unpaired[0]):
            yield from ctx.on_trust(own, unpaired[0])
        else:
            yield from ctx.inside(spare, unpaired[0])
    elif all(ctx.fits(own_part(old), part) for part in unpaired):
        for part in unpaired:
            yield from ctx.on_trust(own_part(old), part)
    else:
        yield combinator_finding("combined-type-subschemas-changed", old, new, "allOf")


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
        if before:
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
    if kind == "allOf":
        yield from _all_to_choice(ctx, old, new, keyword, before, after)
        return
    if kind == "oneOf" and keyword == "anyOf":
        yield combinator_finding("combined-type-extended", old, new, keyword, kind)
    elif kind == "anyOf" and keyword == "oneOf" and not _singletons(before, after):
        yield combinator_finding("combined-type-changed", old, new, keyword, kind)
        return
    if len(after) != len(before):
        change = "extended" if len(after) > len(before) else "narrowed"
        yield combinator_finding(f"sum-type-{change}", old, new, keyword, kind)
    pairing = largest_pairing(len(before), len(after), lambda one, other: ctx.fits(before[one], after[other]))
    for position, other in pairing.items():
        yield from ctx.inside(before[position], after[other])
    if len(pairing) == min(len(before), len(after)):
        if keyword == "oneOf":
            yield from _overlap(ctx, old, new, before, after, pairing)
        return
    lost = [position for position in range(len(before)) if position not in pairing]
    gained = [position for position in range(len(after)) if position not in pairing.values()]
    pairs = _same_by_name(ctx, [before[one] for one in lost], [after[other] for other in gained])
    for left, right in pairs:
        # What differs within a branch that is plainly the same one tells more than that the branches differ.
        yield from ctx.inside(left, right)
    if not pairs or len(before) > len(after):
        yield combinator_finding("combined-type-subschemas-changed", old, new, keyword, kind)


def _same_by_name(ctx: Context, lost: Branches, gained: Branches) -> list[tuple[Place, Place]]:
    """Pair the branches left over by what they are called, if that pairs them all and none is of another type."""

    def named(branches: Branches) -> dict[object, Place]:
        return {_name(ctx.node(branch), branch): branch for branch in branches}

    before, after = named(lost), named(gained)
    if len(before) != len(lost) or len(after) != len(gained) or before.keys() != after.keys():
        return []
    pairs = [(branch, after[name]) for name, branch in before.items()]
    alike = all(common_types(ctx.types(one), ctx.types(other)) for one, other in pairs)
    return pairs if alike or len(pairs) == 1 else []


def _name(node: Node, branch: Place) -> object:
    """The name of the definition that the branch refers to, or its title, or its position."""
    if node.place.pointer != branch.pointer:
        return node.place.pointer
    return node.get("title") or branch.pointer.rpartition("/")[2]


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


def own_keywords(node: Node) -> dict[str, object]:
    """The schema's keywords that are no combinators."""
    return {keyword: value for keyword, value in node.schema.items() if keyword not in _COMBINATORS}


def own_part(node: Node) -> Place:
    """The old schema without its combinators; what is unevaluated depends on them and goes, too."""
    kept = {keyword: value for keyword, value in own_keywords(node).items() if not keyword.startswith("unevaluated")}
    return node.place.part("+weaker", kept)


def combinator_finding(rule: str, old: Node, new: Node, keyword: str, old_keyword: str = "") -> Finding:
    """A finding about a combinator, which may have had another name in the old schema."""
    was = old_keyword if old.has(old_keyword) else keyword
    return Finding(
        rule,
        old.place.pointer + (f"/{was}" if old.has(was) else ""),
        new.place.pointer + (f"/{keyword}" if new.has(keyword) else ""),
        subject=keyword,
        old=was if old.has(was) else None,
        new=keyword if new.has(keyword) else None,
        on_new=new.has(keyword),
    )
