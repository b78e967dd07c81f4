"""Fields of GraphQL types; directives on a field are its extensions."""

from __future__ import annotations

import graphql

from policies.gate.documents.found import Found


def collect(text: str, found: Found) -> None:
    """The fields of all types, interfaces and inputs."""
    try:
        document = graphql.parse(text, no_location=True)
    except graphql.GraphQLError:
        return
    for definition in document.definitions:
        owner = getattr(getattr(definition, "name", None), "value", "")
        fields = getattr(definition, "fields", None) or ()
        names = [one.name.value for one in fields]
        for one in fields:
            found.add(one.name.value, f"{owner}.{one.name.value}", names, **_described(one))


def _described(one: graphql.FieldDefinitionNode) -> dict[str, object]:
    of: graphql.TypeNode = one.type
    while isinstance(of, graphql.NonNullTypeNode | graphql.ListTypeNode):
        of = of.type
    return {
        "type": of.name.value if isinstance(of, graphql.NamedTypeNode) else "",
        "required": isinstance(one.type, graphql.NonNullTypeNode),
        "description": one.description.value if one.description else "",
        "extensions": {directive.name.value: True for directive in one.directives or ()},
    }
