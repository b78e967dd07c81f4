"""From the text of a GraphQL schema (SDL, or the JSON answer to an introspection query) to the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson
from graphql import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    GraphQLError,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeSystemDefinitionNode,
    TypeSystemExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    build_ast_schema,
    build_client_schema,
    parse,
    print_schema,
)
from graphql.validation.specified_rules import specified_sdl_rules
from graphql.validation.validate import validate_sdl

from registry.compat.graphql.shape import misplaced
from registry.compat.model import DocumentError

_MAX_TOKENS: Final = 2_000_000
# Directives that gateways and code generators know may be used without being declared.
_LEFT_OUT: Final = frozenset({"KnownDirectivesRule", "UniqueDirectivesPerLocationRule"})
_RULES: Final = tuple(rule for rule in specified_sdl_rules if rule.__name__ not in _LEFT_OUT)
_DEFINITIONS: Final[dict[type[TypeExtensionNode], type[TypeDefinitionNode]]] = {
    ScalarTypeExtensionNode: ScalarTypeDefinitionNode,
    ObjectTypeExtensionNode: ObjectTypeDefinitionNode,
    InterfaceTypeExtensionNode: InterfaceTypeDefinitionNode,
    UnionTypeExtensionNode: UnionTypeDefinitionNode,
    EnumTypeExtensionNode: EnumTypeDefinitionNode,
    InputObjectTypeExtensionNode: InputObjectTypeDefinitionNode,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One of the two documents; ``has_lines`` is false where there is no SDL whose lines could be named."""

    schema: GraphQLSchema
    has_lines: bool


def read(text: str, which: str) -> Source:
    """The schema of a document.

    Args:
        text: SDL, or JSON with a ``__schema`` in it.
        which: "old" or "new", for errors.

    Raises:
        DocumentError: neither of the two, or not a valid schema; says which document, the line and what.
    """
    try:
        if text.lstrip().startswith("{"):
            sdl, has_lines = print_schema(build_client_schema(_introspection(text, which))), False
        else:
            sdl, has_lines = text, True
        return Source(_build(sdl, which), has_lines)
    except GraphQLError as error:
        line, column = (error.locations[0].line, error.locations[0].column) if error.locations else (None, None)
        raise _error(which, error.message, line, column) from error
    except (TypeError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise
        raise _error(which, str(error)) from error


def _error(which: str, message: str, line: int | None = None, column: int | None = None) -> DocumentError:
    return DocumentError(f"the {which} GraphQL schema: {message}", line=line, column=column, path=which)


def _introspection(text: str, which: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        message = f"it starts like JSON, but is not valid: {error.msg}"
        raise _error(which, message, error.lineno, error.colno) from error
    result = value.get("data", value)
    if not isinstance(result, dict) or not isinstance(result.get("__schema"), dict):
        raise _error(which, "it is JSON, but no answer to an introspection query: __schema is missing")
    return result


def _build(text: str, which: str) -> GraphQLSchema:
    if not text.strip():
        raise _error(which, "it is empty")
    document = _with_bases(parse(text, max_tokens=_MAX_TOKENS))
    declared = (TypeSystemDefinitionNode, TypeSystemExtensionNode)
    if not any(isinstance(node, declared) for node in document.definitions):
        raise _error(which, "it declares no types", 1)
    errors = validate_sdl(document, None, _RULES)
    if errors:
        raise min(errors, key=lambda error: error.locations[0].line if error.locations else 0)
    schema = build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
    for message, line in misplaced(schema):
        raise _error(which, message, line)
    return schema


def _with_bases(document: DocumentNode) -> DocumentNode:
    """Let an extension stand for the type where a part of a larger schema extends what other parts declare."""
    known = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode)}
    nodes: list[DefinitionNode] = []
    for node in document.definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value not in known:
            known.add(node.name.value)
            keys = [key for key in node.keys if key not in {"kind", "description"}]
            nodes.append(_DEFINITIONS[type(node)](**{key: getattr(node, key) for key in keys}))
        else:
            nodes.append(node)
    return DocumentNode(definitions=tuple(nodes), loc=document.loc)
