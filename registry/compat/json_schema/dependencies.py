from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_lines import escape
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node, Place


def compare_dependencies(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """dependentRequired, dependentSchemas, and ``dependencies``, which was both up to draft 7."""
    before, after = _names(old), _names(new)
    for name in before | after:
        rule = _names_rule(before.get(name), after.get(name))
        if rule is not None:
            yield _finding(rule, old, new, name, before.get(name), after.get(name))
    schemas_before, schemas_after = _schemas(old), _schemas(new)
    for name in schemas_before | schemas_after:
        yield from _compare_schema(ctx, old, new, name, schemas_before.get(name), schemas_after.get(name))


def _names(node: Node) -> dict[str, list[str]]:
    old_style = {name: value for name, value in (node.get("dependencies") or {}).items() if isinstance(value, list)}
    return {name: value for name, value in (old_style | (node.get("dependentRequired") or {})).items() if value}


def _schemas(node: Node) -> dict[str, Place]:
    found = {
        name: node.place.child("dependencies", name)
        for name, value in (node.get("dependencies") or {}).items()
        if not isinstance(value, list)
    }
    return found | {name: node.place.child("dependentSchemas", name) for name in node.get("dependentSchemas") or {}}


def _names_rule(before: list[str] | None, after: list[str] | None) -> str | None:
    was, now = set(before or ()), set(after or ())
    if was == now:
        return None
    if not was:
        return "dependency-array-added"
    if not now:
        return "dependency-array-removed"
    if was < now:
        return "dependency-array-extended"
    return "dependency-array-narrowed" if was > now else "dependency-array-changed"


def _compare_schema(
    ctx: Context, old: Node, new: Node, name: str, before: Place | None, after: Place | None
) -> Iterator[Finding]:
    if before is not None and after is not None:
        yield from ctx.inside(before, after)
    elif after is not None and ctx.node(after).asserts:
        yield _finding("dependency-schema-added", old, new, name, None, after.schema)
    elif before is not None and ctx.node(before).asserts:
        yield _finding("dependency-schema-removed", old, new, name, before.schema, None)


def _finding(rule: str, old: Node, new: Node, name: str, before: object, after: object) -> Finding:
    return Finding(rule, _at(old, name), _at(new, name), name, before, after, on_new=after is not None)


def _at(node: Node, name: str) -> str:
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        if name in (node.get(keyword) or {}):
            return f"{node.place.pointer}/{keyword}/{escape(name)}"
    return node.place.pointer
