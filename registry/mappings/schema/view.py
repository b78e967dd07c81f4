"""A schema that is read once and asked by paths.

JSON Schema of any draft, and the schemas inside OpenAPI and AsyncAPI documents (``at`` points to one). Of several
branches (``oneOf``, ``anyOf``) a path needs to be in one only; ``allOf`` counts as one schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, specification_with

from registry.compat.model import DocumentError
from registry.compat.source_map import read_document
from registry.mappings.paths import Every, Index, Key, Path, Segment, Where
from registry.mappings.schema.nodes import BRANCHES, Node, Resolver, below, branches, properties
from registry.mappings.schema.shaping import merged, nullable_node, shape_of_node
from registry.mappings.shapes import Shape

#: Formats whose documents hold schemas in JSON.
FORMATS = frozenset({"json-schema", "openapi", "asyncapi"})
_DEEPEST = 12
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """A place that holds a value rather than other places; ``required``: it must be there wherever its object is."""

    path: Path
    required: bool
    shape: Shape
    pii: bool = False
    description: str = ""


@dataclass(frozen=True)
class SchemaView:
    """A schema, read once; equal texts give the same one."""

    root: Any
    #: The whole document, of which the schema may be a part.
    document: Any
    resolver: Resolver
    #: Finds what references lead to, and the reference to this schema where it is a part of a document.
    registry: Registry[Any]
    reference: str | None = None
    #: What others worked out from it and want to keep.
    memo: dict[str, Any] = field(default_factory=dict)
    _nodes: dict[Path, tuple[Node, ...]] = field(default_factory=dict)
    _shapes: dict[Path, Shape | None] = field(default_factory=dict)

    def nodes(self, path: Path) -> tuple[Node, ...]:
        """The schemas that may hold at a path, one for each branch; none if there is no such path."""
        if path not in self._nodes:
            if path.segments:
                above = self.nodes(Path(path.segments[:-1]))
                found = [one for node in above for one in below(node, path.segments[-1])]
            else:
                found = list(branches(self.root, self.resolver))
            self._nodes[path] = tuple(found[:BRANCHES])
        return self._nodes[path]

    def shape(self, path: Path) -> Shape | None:
        """What may stand at a path; none if the schema has no such path."""
        if path not in self._shapes:
            found = [shape_of_node(node) for node in self.nodes(path)]
            self._shapes[path] = merged(found).but(optional=self._optional(path)) if found else None
        return self._shapes[path]

    def _optional(self, path: Path) -> bool:
        """Whether something on the way to a path, from its last list that is gone through on, may be left out."""
        first = max((end for end, one in enumerate(path.segments, 1) if isinstance(one, Every)), default=0) + 1
        for end in range(first, len(path.segments) + 1):
            nodes = self.nodes(Path(path.segments[:end]))
            if any(node.optional for node in nodes) or any(
                isinstance(one, Where | Index) for one in path.segments[:end]
            ):
                return True
            if end < len(path.segments) and any(nullable_node(node) for node in nodes):
                return True
        return False

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Every place that holds a value, lists item by item, in the schema's order; a recursion is followed once."""
        return list(self._leaves(Path(()), required=True, seen=()))[:_MOST]

    def _leaves(self, path: Path, *, required: bool, seen: tuple[int, ...]) -> Iterator[Leaf]:
        nodes = self.nodes(path)
        marks = tuple(id(part) for node in nodes for part in node.parts if part.keys() & {"properties", "items"})
        if len(path.segments) > _DEEPEST or any(mark in seen for mark in marks):
            return
        whole = self.shape(path) if path.segments else None
        inside = [] if whole is not None and (whole.money or _lists_ids(nodes)) else list(_members(nodes))
        if not inside:
            if path.segments and whole is not None:
                yield _leaf(path, nodes, whole, required=required)
            return
        for segment, needed in inside:
            yield from self._leaves(path.then(segment), required=required and needed, seen=(*seen, *marks))

    def required(self, path: Path) -> list[str]:
        """The members that an object at a path must have."""
        nodes = self.nodes(path)
        if not nodes:
            return []
        each = [
            {name for part in node.parts for name in part.get("required", ()) if isinstance(name, str)}
            for node in nodes
        ]
        shared = set.intersection(*each)
        ordered = [name for node in nodes for part in node.parts for name in properties(part)]
        return sorted(shared, key=lambda name: ordered.index(name) if name in ordered else len(ordered))

    @property
    def examples(self) -> list[Any]:
        """The whole documents that the schema itself gives as examples; not to be changed."""
        if "examples" not in self.memo:
            found = self.root.get("examples") if isinstance(self.root, dict) else None
            self.memo["examples"] = list(found) if isinstance(found, list) else []
        examples: list[Any] = self.memo["examples"]
        return examples

    def take(self, other: SchemaView, same: Callable[[Path], bool], *, examples: bool) -> None:
        """Take over what another schema knows of paths at which both say the same, and its examples if they are too."""
        # Copied first: another thread may be learning more.
        self._nodes.update((path, nodes) for path, nodes in list(other._nodes.items()) if same(path))
        self._shapes.update((path, shape) for path, shape in list(other._shapes.items()) if same(path))
        if examples:
            self.memo["examples"] = other.examples


def view(text: str, at: str | None = None) -> SchemaView:
    """Read a schema, or the one at the JSON Pointer ``at`` of a document. Raises ``DocumentError``."""
    return _view(text, at)


def parts(text: str) -> Iterator[SchemaView]:
    """The schemas and payloads that an OpenAPI or AsyncAPI document keeps to be used. Raises ``DocumentError``."""
    whole = view(text)
    components = whole.document.get("components") if isinstance(whole.document, dict) else None
    if not isinstance(components, dict):
        return
    schemas, messages = (components.get(name) for name in ("schemas", "messages"))
    found = list(schemas.values()) if isinstance(schemas, dict) else []
    if isinstance(messages, dict):
        found += [one["payload"] for one in messages.values() if isinstance(one, dict) and "payload" in one]
    for schema in found:
        yield SchemaView(schema, whole.document, whole.resolver, whole.registry)


@lru_cache(maxsize=256)
def _view(text: str, at: str | None) -> SchemaView:
    document = read_document(text, "new").value
    if not isinstance(document, dict | bool):
        raise DocumentError("a schema must be an object")
    dialect = document.get("$schema") if isinstance(document, dict) else None
    specification = specification_with(dialect, default=DRAFT202012) if isinstance(dialect, str) else DRAFT202012
    resource: Resource[Any] = specification.create_resource(document)
    base = resource.id() or "urn:controlplane:schema"
    registry = Registry().with_resource(base, resource)
    resolver = registry.resolver(base)
    if at is None:
        return SchemaView(document, document, resolver, registry)
    pointer = "#" + at.removeprefix("#")
    try:
        found = resolver.lookup(pointer)
    except Unresolvable:
        raise DocumentError(f"the document has nothing at {at}") from None
    return SchemaView(found.contents, document, found.resolver, registry, base + pointer)


def _members(nodes: tuple[Node, ...]) -> Iterator[tuple[Segment, bool]]:
    """What is below: each member and whether all branches require it, or the items."""
    seen: dict[str, bool] = {}
    for node in nodes:
        needed = {name for part in node.parts for name in part.get("required") or ()}
        for part in node.parts:
            for name in properties(part):
                seen[name] = seen.get(name, True) and name in needed
    yield from ((Key(name), needed) for name, needed in seen.items())
    if any(part.keys() & {"items", "prefixItems"} for node in nodes for part in node.parts):
        yield Every(), True


def _lists_ids(nodes: tuple[Node, ...]) -> bool:
    """Whether it is the list of an object's ids, which is one field whatever systems there are."""
    return any(part.get("x-crossref") is True for node in nodes for part in node.parts)


def _leaf(path: Path, nodes: tuple[Node, ...], shape: Shape, *, required: bool) -> Leaf:
    parts = [part for node in nodes for part in node.parts]
    pii = any(part.get("x-pii") is True for part in parts)
    said = next((str(part["description"]) for part in parts if isinstance(part.get("description"), str)), "")
    return Leaf(path, required, shape, pii=pii, description=said)
