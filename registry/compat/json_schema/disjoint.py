from __future__ import annotations

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.node import Place, canonical, common_types
from registry.compat.json_schema.object_view import is_closed, object_view

_DEPTH = 3


def disjoint(ctx: Context, one: Place, other: Place, depth: int = _DEPTH) -> bool:
    """Whether two schemas surely share no value: by type, by listed values, or by a property that tells them apart.

    "No" means "not seen": it looks three properties deep and does not search.
    """
    first, second = ctx.node(one), ctx.node(other)
    shared = common_types(ctx.types(first.place), ctx.types(second.place))
    if not shared:
        return True
    if first.values is not None and second.values is not None:
        return not {canonical(value) for value in first.values} & {canonical(value) for value in second.values}
    if depth and any(disjoint(ctx, part, other, depth - 1) for part in first.all_of):
        return True
    if depth and any(disjoint(ctx, one, part, depth - 1) for part in second.all_of):
        return True
    for _, branches in first.sums:
        if depth and all(disjoint(ctx, branch, other, depth - 1) for branch in branches):
            return True
    return shared == {"object"} and depth > 0 and _by_property(ctx, one, other, depth - 1)


def _by_property(ctx: Context, one: Place, other: Place, depth: int) -> bool:
    first, second = object_view(ctx.node(one)), object_view(ctx.node(other))
    for name in first.required | second.required:
        mine = first.properties.get(name)
        theirs = second.properties.get(name)
        if mine is None and first.governing(name) == [first.extra] and is_closed(ctx, first.extra):
            return name in second.required
        if theirs is None and second.governing(name) == [second.extra] and is_closed(ctx, second.extra):
            return name in first.required
        if mine is not None and theirs is not None and disjoint(ctx, mine, theirs, depth):
            return True
    return False
