"""Types that stand where their kind can't: the comparison would be about a schema that no server can run.

The library's own validation of whole schemas isn't used, since it refuses parts of a larger schema: a subgraph has
perhaps no query type.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_input_type,
    is_interface_type,
    is_object_type,
    is_output_type,
)

from registry.compat.graphql.report import Declared


def misplaced(schema: GraphQLSchema) -> Iterator[tuple[str, Declared]]:
    """(what is wrong, where) of each type that stands in the wrong place."""
    for item in schema.type_map.values():
        for place, what, declared, right in _places(item):
            if not right:
                yield f"{place} {what}", declared


def _places(item: GraphQLNamedType) -> Iterator[tuple[str, str, Declared, bool]]:
    match item:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for interface in item.interfaces:
                yield (
                    item.name,
                    f"can't implement {interface}, which is no interface",
                    item,
                    is_interface_type(interface),
                )
            for name, field in item.fields.items():
                place = f"{item.name}.{name}"
                yield (
                    place,
                    f"can't be of type {field.type}, which is for input only",
                    field,
                    is_output_type(field.type),
                )
                for key, argument in field.args.items():
                    words = f"can't be of type {argument.type}, which is for output only"
                    yield f"{place}.{key}", words, argument, is_input_type(argument.type)
        case GraphQLInputObjectType():
            for name, entry in item.fields.items():
                words = f"can't be of type {entry.type}, which is for output only"
                yield f"{item.name}.{name}", words, entry, is_input_type(entry.type)
        case GraphQLUnionType():
            for member in item.types:
                yield item.name, f"can't hold {member}, which is no object type", item, is_object_type(member)
