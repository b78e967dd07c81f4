"""Schemas at places of a document: references followed, branches apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from referencing.exceptions import Unresolvable

from registry.mappings.paths import Index, Key, Segment

#: ``referencing``'s own, which has no public name.
Resolver: TypeAlias = Any
_DEEPEST = 12
BRANCHES = 64


@dataclass(frozen=True, slots=True)
class Node:
    """A schema at a place, references followed: the parts that hold together there, and where references lead from."""

    parts: tuple[Mapping[str, Any], ...]
    resolver: Resolver
    optional: bool = False

    @property
    def opaque(self) -> bool:
        """Whether it says nothing at all, so that anything may be below it."""
        return not any(part.keys() & _SAYING for part in self.parts)


#: Keywords that say what may stand somewhere.
_SAYING = frozenset(
    {"type", "properties", "items", "enum", "const", "additionalProperties", "patternProperties", "prefixItems", "$ref"}
)


def branches(schema: Any, resolver: Resolver, *, optional: bool = False, depth: int = 0) -> Iterator[Node]:
    """A schema as alternatives, each without references and combinations."""
    if schema is True:
        yield Node(({},), resolver, optional)
        return
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    alternatives: list[Node] = [Node((schema,), resolver, optional)]
    for part, leads in _conjuncts(schema, resolver):
        alternatives = _times(alternatives, list(branches(part, leads, depth=depth + 1)))
    for choice in ("oneOf", "anyOf"):
        options = schema.get(choice)
        for_each = options if isinstance(options, list) else []
        every = [one for option in for_each for one in branches(option, resolver, depth=depth + 1)]
        alternatives = _times(alternatives, every)
    yield from alternatives


def _times(nodes: list[Node], options: list[Node]) -> list[Node]:
    """Each with each option added; references in what was added lead from there on."""
    if not options:
        return nodes
    both = (Node((*one.parts, *option.parts), option.resolver, one.optional) for one in nodes for option in options)
    return list(islice(both, BRANCHES))


def _conjuncts(schema: Mapping[str, Any], resolver: Resolver) -> Iterator[tuple[Any, Resolver]]:
    for word in ("$ref", "$dynamicRef"):
        if isinstance(reference := schema.get(word), str):
            try:
                found = resolver.lookup(reference)
            except (Unresolvable, ValueError):
                yield True, resolver  # what it says is not at hand, so nothing is known of it
            else:
                yield found.contents, found.resolver
    for part in schema.get("allOf") or ():
        yield part, resolver


def below(node: Node, segment: Segment) -> Iterator[Node]:
    """The schemas that may hold one step further; none if there is no such step."""
    if node.opaque:
        yield Node(({},), node.resolver, optional=True)
        return
    if isinstance(segment, Key):
        yield from _member(node, segment.name)
        return
    for part in node.parts:
        yield from _items(part, segment, node.resolver)


def _member(node: Node, name: str) -> Iterator[Node]:
    declared = [part["properties"][name] for part in node.parts if name in properties(part)]
    if not declared:
        declared = [
            schema
            for part in node.parts
            for pattern, schema in (part.get("patternProperties") or {}).items()
            if _matches(pattern, name)
        ]
    if not declared:
        extra = [part.get("additionalProperties") for part in node.parts]
        declared = [schema for schema in extra if isinstance(schema, dict) or schema is True]
    needed = any(name in (part.get("required") or ()) for part in node.parts)
    together = declared[0] if len(declared) == 1 else {"allOf": declared}
    if declared:
        yield from branches(together, node.resolver, optional=not needed)


def _items(part: Mapping[str, Any], segment: Segment, resolver: Resolver) -> Iterator[Node]:
    items, prefix = part.get("items"), part.get("prefixItems")
    prefix = items if isinstance(items, list) else prefix
    if isinstance(prefix, list):
        chosen = prefix[segment.at : segment.at + 1] if isinstance(segment, Index) else prefix
        rest = part.get("additionalItems") if isinstance(items, list) else items
        for one in chosen or ([rest] if rest is not None else []):
            yield from branches(one, resolver)
    elif isinstance(items, dict | bool):
        yield from branches(items, resolver)
    elif part.get("type") == "array":
        yield Node(({},), resolver)


def properties(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members that a schema declares."""
    found = part.get("properties")
    return found if isinstance(found, dict) else {}


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False
