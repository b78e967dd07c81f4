"""From the text of a GraphQL schema (SDL, or the JSON answer to an introspection query) to the schema."""

from __future__ import annotations

from contextlib import suppress
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
    ParallelVisitor,
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
    print_schema,
    visit,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.validation import ASTValidationRule, KnownTypeNamesRule, SDLValidationContext
from graphql.validation.specified_rules import specified_sdl_rules

from registry.compat.graphql.report import Declared, line_of
from registry.compat.graphql.shape import misplaced
from registry.compat.graphql.syntax import Definitions, Syntax, whole
from registry.compat.model import DocumentError

# Directives that gateways and code generators know may be used without being declared.
_LEFT_OUT: Final = frozenset({"KnownDirectivesRule", "UniqueDirectivesPerLocationRule"})
_RULES: Final = tuple(rule for rule in specified_sdl_rules if rule.__name__ not in _LEFT_OUT)
_ENOUGH: Final = 20
# That types are known shows when the schema is built; without that rule nobody looks at these parts.
_QUICK_RULES: Final = tuple(rule for rule in _RULES if rule is not KnownTypeNamesRule)
_UNSEEN: Final = frozenset({"description", "name", "type", "interfaces", "types", "operation_types"})
_SEEN: Final = {kind: tuple(key for key in keys if key not in _UNSEEN) for kind, keys in QUERY_DOCUMENT_KEYS.items()}
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
    """One of the two documents; without ``syntax`` there is no SDL whose lines could be named."""

    schema: GraphQLSchema
    syntax: Syntax | None

    def line(self, part: Declared | None) -> int | None:
        """The line (from 1) of a part's name, or None where there is no syntax."""
        return line_of(part, self.syntax) if self.syntax is not None else None


def read(text: str, which: str, definitions: Definitions) -> Source:
    """The schema of a document.

    Args:
        text: SDL, or JSON with a ``__schema`` in it.
        which: "old" or "new", for errors.
        definitions: those that have been parsed for the other document.

    Raises:
        DocumentError: neither of the two, or not a valid schema; says which document, the line and what.
    """
    try:
        if text.lstrip().startswith("{"):
            sdl = print_schema(build_client_schema(_introspection(text, which)))
            return Source(_build(sdl, which, definitions)[0], None)
        return Source(*_build(text, which, definitions))
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


def _build(text: str, which: str, definitions: Definitions) -> tuple[GraphQLSchema, Syntax]:
    if not text.strip():
        raise _error(which, "it is empty")
    syntax = definitions.read(text)
    document = _with_bases(syntax.document)
    declared = (TypeSystemDefinitionNode, TypeSystemExtensionNode)
    if not any(isinstance(node, declared) for node in document.definitions):
        raise _error(which, "it declares no types", 1)
    only = all(isinstance(node, declared) for node in document.definitions)
    if errors := _errors(document, _QUICK_RULES, _SEEN) if only else _errors(document):
        raise _first(text, errors)
    try:
        schema = build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
    except TypeError as error:
        raise _first(text, [GraphQLError(str(error))]) from error
    for message, part in misplaced(schema):
        raise _error(which, message, line_of(part, syntax))
    return schema, syntax


def _first(text: str, found: list[GraphQLError]) -> GraphQLError:
    """Of what all rules find wrong with a text, the first, where it stands in the whole; else the first that was found."""
    errors = _errors(_with_bases(whole(text).document)) or found
    return min(errors, key=lambda error: error.locations[0].line if error.locations else 0)


def _errors(
    document: DocumentNode,
    rules: tuple[type[ASTValidationRule], ...] = _RULES,
    keys: dict[str, tuple[str, ...]] = QUERY_DOCUMENT_KEYS,
) -> list[GraphQLError]:
    """What ``validate_sdl`` finds, for rules of our choice; no more than a handful, as each costs a search for its line."""
    errors: list[GraphQLError] = []

    def note(error: GraphQLError) -> None:
        errors.append(error)
        if len(errors) == _ENOUGH:
            raise error

    context = SDLValidationContext(document, None, note)
    with suppress(GraphQLError):
        visit(document, ParallelVisitor([rule(context) for rule in rules]), keys)
    return errors


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
