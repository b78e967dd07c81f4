from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_lines import escape
from registry.compat.json_schema.bounds import compare_counts
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.dependencies import compare_dependencies
from registry.compat.json_schema.evaluated import Evaluated, compare_evaluated
from registry.compat.json_schema.extra_members import compare_extra
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node, Place
from registry.compat.json_schema.object_view import ObjectView, is_closed, is_open, object_view
from registry.compat.json_schema.optional_schema import compare_optional
from registry.compat.json_schema.patterns import compare_patterns
from registry.compat.json_schema.reserved import compare_reserved


def compare_objects(ctx: Context, old: Node, new: Node) -> Iterator[Finding]:
    """All that is said about objects."""
    before, after = object_view(old), object_view(new)
    yield from compare_counts(old, new, "maxProperties", "minProperties")
    for name in before.properties | after.properties:
        if name not in after.properties:
            yield from _removed(ctx, before, after, name)
        elif name not in before.properties:
            yield from _added(ctx, before, after, name)
        else:
            yield from ctx.inside(before.properties[name], after.properties[name])
    yield from _required(ctx, before, after)
    yield from compare_extra(ctx, before, after)
    yield from compare_patterns(ctx, before, after)
    yield from compare_dependencies(ctx, old, new)
    yield from compare_optional(ctx, old, new, "propertyNames")
    yield from compare_reserved(old, new)
    yield from compare_evaluated(ctx, before, after)


def has_default(ctx: Context, place: Place) -> bool:
    """Whether a reader can fill the property in."""
    return (isinstance(place.schema, dict) and "default" in place.schema) or ctx.node(place).has("default")


def _at(view: ObjectView, name: str, keyword: str = "properties") -> str:
    return f"{view.node.place.pointer}/{keyword}/{escape(name)}"


def _finding(rule: str, before: ObjectView, after: ObjectView, name: str) -> Finding:
    old, new = before.properties.get(name), after.properties.get(name)
    return Finding(
        rule,
        _at(before, name) if old else before.node.place.pointer,
        _at(after, name) if new else after.node.place.pointer,
        subject=name,
        old=old.schema if old else None,
        new=new.schema if new else None,
        on_new=new is not None,
    )


def _removed(ctx: Context, before: ObjectView, after: ObjectView, name: str) -> Iterator[Finding]:
    governing = after.governing(name)
    if all(is_open(ctx, place) for place in governing) or _judged_elsewhere(ctx, after, name, governing, always=True):
        rule = "property-removed-from-open-content-model"
    elif governing == [after.extra] and is_closed(ctx, after.extra):
        false = is_closed(ctx, before.properties[name])
        rule = f"property-{'with-false-' if false else ''}removed-from-closed-content-model"
    else:
        fits = all(ctx.fits(before.properties[name], place) for place in governing)
        if fits:
            for place in governing:
                yield from ctx.on_trust(before.properties[name], place)
        rule = f"property-removed-{'is' if fits else 'not'}-covered-by-partially-open-content-model"
    yield _finding(rule, before, after, name)


def _added(ctx: Context, before: ObjectView, after: ObjectView, name: str) -> Iterator[Finding]:
    governing, schema = before.governing(name), after.properties[name]
    forced = name in after.required and name not in before.required
    default = has_default(ctx, schema)
    if governing == [before.extra] and (is_open(ctx, before.extra) or _judged_elsewhere(ctx, before, name, governing)):
        yield from _added_to_open(ctx, before, after, name, forced=forced, default=default)
        return
    if governing != [before.extra] or not is_closed(ctx, before.extra):
        fitting = next((place for place in governing if ctx.fits(place, schema)), None)
        fits = fitting is not None
        if fitting is not None:
            yield from ctx.on_trust(fitting, schema)
        rule = f"property-added-{'is' if fits else 'not'}-covered-by-partially-open-content-model"
        yield _finding(rule, before, after, name)
        if not fits:
            return
    elif not forced:
        yield _finding("optional-property-added-to-unopen-content-model", before, after, name)
    if forced:
        with_default = "with-default-" if default else ""
        yield _finding(f"required-property-{with_default}added-to-unopen-content-model", before, after, name)


def _added_to_open(
    ctx: Context, before: ObjectView, after: ObjectView, name: str, *, forced: bool, default: bool
) -> Iterator[Finding]:
    narrows = not is_open(ctx, after.properties[name])
    tolerated = not narrows or not ctx.breaks(_finding("property-added-to-open-content-model", before, after, name))
    if forced and not default and tolerated:
        rule = "required-property-added-to-open-content-model"
    elif narrows:
        rule = "property-added-to-open-content-model"
    elif forced:
        rule = "required-property-with-default-added-to-open-content-model"
    else:
        rule = "property-with-empty-schema-added-to-open-content-model"
    yield _finding(rule, before, after, name)


def _judged_elsewhere(
    ctx: Context, view: ObjectView, name: str, governing: list[Place], *, always: bool = False
) -> bool:
    """Whether unevaluatedProperties leaves the name to another part of the same schema."""
    if view.elsewhere is None or governing != [view.extra]:
        return False
    return Evaluated(ctx, view.elsewhere, always=always).covers(name)


def _required(ctx: Context, before: ObjectView, after: ObjectView) -> Iterator[Finding]:
    for name in sorted(after.required ^ before.required):
        if name in before.required:
            yield _required_finding("required-attribute-removed", before, after, name)
        elif name in before.properties or name not in after.properties:
            default = name in after.properties and has_default(ctx, after.properties[name])
            rule = f"required-attribute-{'with-default-' if default else ''}added"
            yield _required_finding(rule, before, after, name)


def _required_finding(rule: str, before: ObjectView, after: ObjectView, name: str) -> Finding:
    def at(view: ObjectView) -> str:
        return view.node.place.pointer + ("/required" if view.node.has("required") else "")

    return Finding(
        rule,
        at(before),
        at(after),
        subject=name,
        old=name in before.required,
        new=name in after.required,
        on_new=name in after.required,
    )
