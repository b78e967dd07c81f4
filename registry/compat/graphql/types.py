"""Types of all kinds, found again by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
    is_specified_scalar_type,
)

from registry.compat.graphql.arguments import INPUT_FIELD, input_changes
from registry.compat.graphql.deprecations import reason_change
from registry.compat.graphql.descriptions import description_change
from registry.compat.graphql.fields import field_changes
from registry.compat.graphql.report import Reporter
from registry.compat.graphql.usages import usage_changes
from registry.compat.model import Change

_KINDS: Final[dict[type[GraphQLNamedType], tuple[str, str]]] = {
    GraphQLScalarType: ("scalar", "scalar"),
    GraphQLObjectType: ("object type", "object"),
    GraphQLInterfaceType: ("interface", "interface"),
    GraphQLUnionType: ("union", "union-member"),
    GraphQLEnumType: ("enum", "enum"),
    GraphQLInputObjectType: ("input type", "input-object"),
}


def type_changes(report: Reporter, old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    """Types that came, went, turned into another kind, or changed inside."""
    olds, news = _own_types(old), _own_types(new)
    for name, item in olds.items():
        if name in news:
            yield from _changed(report, item, news[name])
        else:
            message = f"the {_kind(item)} {name} is gone"
            yield report.change("type-removed", name, message, old=item, values=(name, None))
    for name, item in news.items():
        if name not in olds:
            message = f"the {_kind(item)} {name} is new"
            yield report.change("type-added", name, message, new=item, values=(None, name))


def _own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    """The types that the document declares, and none that every schema has."""
    return {
        name: item
        for name, item in schema.type_map.items()
        if not is_introspection_type(item) and not is_specified_scalar_type(item)
    }


def _kind(item: GraphQLNamedType) -> str:
    return _KINDS[type(item)][0]


def _changed(report: Reporter, old: GraphQLNamedType, new: GraphQLNamedType) -> Iterator[Change]:
    if _declared(old) == _declared(new):
        return
    name = new.name
    yield from description_change(report, "type", name, old, new)
    if type(old) is not type(new):
        kinds = (_kind(old), _kind(new))
        message = f"the {kinds[0]} {name} turned into another kind of type: {kinds[1]}"
        yield report.change("type-kind-changed", name, message, old=old, new=new, values=kinds)
        return
    yield from usage_changes(report, _KINDS[type(new)][1], name, old, new)
    match old, new:
        case (
            GraphQLObjectType() | GraphQLInterfaceType() as before,
            GraphQLObjectType() | GraphQLInterfaceType() as after,
        ):
            yield from _interfaces(report, before, after)
            yield from field_changes(report, name, before.fields, after.fields)
        case (GraphQLInputObjectType(), GraphQLInputObjectType()):
            yield from input_changes(report, INPUT_FIELD, name, old.fields, new.fields)
        case (GraphQLUnionType(), GraphQLUnionType()):
            yield from _members(report, old, new)
        case (GraphQLEnumType(), GraphQLEnumType()):
            yield from _values(report, old, new)


def _declared(item: GraphQLNamedType) -> list[int]:
    """Which syntax declares a type: what both documents say in the same words has the same nodes in both."""
    return [id(node) for node in (item.ast_node, *item.extension_ast_nodes)]


def _interfaces(
    report: Reporter,
    old: GraphQLObjectType | GraphQLInterfaceType,
    new: GraphQLObjectType | GraphQLInterfaceType,
) -> Iterator[Change]:
    olds, news = ([item.name for item in one.interfaces] for one in (old, new))
    for name in (name for name in olds if name not in news):
        message = f"{new.name} no longer implements {name}; fragments on it no longer match"
        values = (name, None)
        yield report.change("object-type-interface-removed", new.name, message, old=old, new=new, values=values)
    for name in (name for name in news if name not in olds):
        message = f"{new.name} now implements {name}; queries for that get objects they didn't know"
        values = (None, name)
        yield report.change("object-type-interface-added", new.name, message, old=old, new=new, values=values)


def _members(report: Reporter, old: GraphQLUnionType, new: GraphQLUnionType) -> Iterator[Change]:
    olds, news = ([item.name for item in union.types] for union in (old, new))
    for name in (name for name in olds if name not in news):
        message = f"{name} is no longer in the union {new.name}; fragments on it no longer match"
        yield report.change("union-member-removed", new.name, message, old=old, new=new, values=(name, None))
    for name in (name for name in news if name not in olds):
        message = f"{name} is now in the union {new.name}; clients get objects they didn't know"
        yield report.change("union-member-added", new.name, message, old=old, new=new, values=(None, name))


def _values(report: Reporter, old: GraphQLEnumType, new: GraphQLEnumType) -> Iterator[Change]:
    for name, value in old.values.items():
        path = f"{new.name}.{name}"
        if name not in new.values:
            known = " (it was deprecated)" if value.deprecation_reason is not None else ""
            message = f"the value {path} is gone{known}; calls that pass it fail"
            yield report.change("enum-value-removed", path, message, old=value, values=(name, None))
            continue
        now = new.values[name]
        yield from description_change(report, "enum-value", path, value, now, one_rule=True)
        yield from reason_change(report, "enum-value", path, value, now)
        yield from usage_changes(report, "enum-value", path, value, now)
    for name, value in new.values.items():
        if name not in old.values:
            path = f"{new.name}.{name}"
            message = f"the value {path} is new; clients that list all values don't know it"
            yield report.change("enum-value-added", path, message, new=value, values=(None, name))
