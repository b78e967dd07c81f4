from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import ALL_TYPES, Node, canonical, common_types, covers, type_of


def compare_types(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """The types that data of the old schema can have, against those that the new one names."""
    possible = ctx.types(old.place)
    lost = [name for name in possible if not covers(new.types, name)]
    if not lost:
        if not old.types >= new.types and not (new.types == ALL_TYPES and (new.all_of or any(new.sums))):
            yield _finding("sum-type-extended" if _listed(old) or _listed(new) else "type-extended", ctx, old, new)
    elif not common_types(possible, new.types):
        yield _finding("type-changed", ctx, old, new)
    elif _listed(old) or any(old.sums):
        yield _finding("sum-type-narrowed", ctx, old, new)
    else:
        yield _finding("type-narrowed", ctx, old, new)


def _listed(node: Node) -> bool:
    return isinstance(node.get("type"), list) and len(node.types) > 1


def _finding(rule: str, ctx: Context, old: Node, new: Node) -> Finding:
    return Finding(
        rule,
        old.place.pointer + ("/type" if old.has("type") else ""),
        new.place.pointer + ("/type" if new.has("type") else ""),
        subject="type",
        old=sorted(ctx.types(old.place)),
        new=sorted(new.types),
    )


def compare_values(old: Node, new: Node, possible: frozenset[str]) -> Iterator[Finding]:
    """The keywords enum and const: a set of values each, const being a set of one."""
    if old.values is None and new.values is None:
        return
    keyword = "const" if "const" in (new.schema if new.values is not None else old.schema) else "enum"
    if new.values is None:
        yield _value_finding("enum-array-removed", old, new, keyword)
        return
    before = _finite(old, possible)
    after = {canonical(value) for value in new.values}
    if before is None:
        yield _value_finding("enum-array-added", old, new, keyword)
    elif before == after:
        return
    elif before < after:
        yield _value_finding("enum-array-extended", old, new, keyword)
    else:
        yield _value_finding("enum-array-narrowed" if before > after else "enum-array-changed", old, new, keyword)


def _finite(node: Node, possible: frozenset[str]) -> set[str] | None:
    """The values that the old schema can take, if it lists them or if its types have no others."""
    if node.values is not None:
        return {canonical(value) for value in node.values}
    if possible <= {"null", "boolean"}:
        return {canonical(value) for value in (None, True, False) if type_of(value) in possible}
    return None


def _value_finding(rule: str, old: Node, new: Node, keyword: str) -> Finding:
    def at(node: Node) -> str:
        return node.place.pointer + next((f"/{word}" for word in (keyword, "enum", "const") if node.has(word)), "")

    return Finding(
        rule,
        at(old),
        at(new),
        subject=keyword,
        old=None if old.values is None else list(old.values),
        new=None if new.values is None else list(new.values),
        on_new=new.values is not None,
    )
