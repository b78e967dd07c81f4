from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.matching import largest_pairing
from registry.compat.json_schema.node import Node, Place, canonical, whole_numbers

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
        facts=f"{_fact(old.get(was))} {_fact(new.get(keyword))}",
        on_new=new.has(keyword),
    )


def _fact(value: Any) -> str:
    """Spelt as it always was, since fingerprints rest on it."""
    return json.dumps(whole_numbers(value), sort_keys=True, ensure_ascii=False)
