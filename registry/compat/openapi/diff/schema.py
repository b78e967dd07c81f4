"""The difference of two schemas: a graph that is unfolded only where something differs, and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from registry.compat.json_lines import escape
from registry.compat.openapi.diff.choice import as_branch
from registry.compat.openapi.diff.document import OpenApi, mapping, sequence
from registry.compat.openapi.diff.model import Node
from registry.compat.openapi.diff.sameness import Sameness
from registry.compat.openapi.diff.shape import ANNOTATIONS, COMBINATORS, Shape, shape, unwrapped
from registry.compat.openapi.diff.subschemas import Matching, match

# Keywords that hold one schema, and those whose coming and going is all that can be judged.
_ONE_SCHEMA: Final = ("items", "additionalProperties", "contains", "contentSchema", "propertyNames", "then", "else")
_PRESENCE: Final = ("contains", "contentSchema", "propertyNames", "if", "then", "else")
_UNEVALUATED: Final = ("unevaluatedItems", "unevaluatedProperties")
_SCHEMA_MAPS: Final = ("patternProperties", "dependentSchemas")
_SEEN_APART: Final = frozenset(
    {*ANNOTATIONS, *COMBINATORS, *_ONE_SCHEMA, *_PRESENCE, *_UNEVALUATED, *_SCHEMA_MAPS}
    | {"$ref", "$defs", "type", "format", "nullable", "properties", "required", "prefixItems", "not"}
)


@dataclass(frozen=True, slots=True)
class Child:
    """A schema inside another. ``label`` continues the path that a person reads; ``name`` is set for a property.

    ``shared``: it does not stand in place but is referred to, perhaps from elsewhere too.
    """

    label: str
    name: str | None
    diff: SchemaDiff
    shared: bool


class SchemaDiff:
    """Two schemas that stand at the same place.

    ``facets`` are the keywords that differ, with three that sum up several: ``types`` (a list of types grew or
    shrank), ``nullable`` (however it is spelled) and ``wrapped`` (the old schema became a branch of a oneOf).
    """

    def __init__(self, differ: SchemaDiffer, old: Node, new: Node) -> None:
        self._differ = differ
        before, after = shape(old), shape(new)
        before, after = unwrapped(differ.old, before, after), unwrapped(differ.new, after, before)
        self.wrapped = _is_wrapped(before, after)
        self.old, self.new = as_branch(differ.new, before, after), as_branch(differ.old, after, before)

    @cached_property
    def facets(self) -> frozenset[str]:
        """What differs in the schema itself, its inner schemas left aside."""
        return frozenset(_facets(self))

    @cached_property
    def properties_added(self) -> dict[str, Node]:
        """Properties that only the new schema has."""
        return self._only(self._differ.new, self.new, self.old)

    @cached_property
    def properties_removed(self) -> dict[str, Node]:
        """Properties that only the old schema has."""
        return self._only(self._differ.old, self.old, self.new)

    def _only(self, document: OpenApi, side: Shape, other: Shape) -> dict[str, Node]:
        known = mapping(other.value.get("properties"))
        return {
            name: document.node(f"{side.node.pointer}/properties/{escape(name)}", value)
            for name, value in mapping(side.value.get("properties")).items()
            if name not in known
        }

    def property(self, name: str) -> tuple[Shape | None, Shape | None]:
        """A property as each side has it."""
        return tuple(  # type: ignore[return-value]  # two sides, two values
            shape(document.node(f"{side.node.pointer}/properties/{escape(name)}", table[name]))
            if name in (table := mapping(side.value.get("properties")))
            else None
            for document, side in ((self._differ.old, self.old), (self._differ.new, self.new))
        )

    @cached_property
    def branches(self) -> dict[str, Matching]:
        """The branches of allOf, anyOf and oneOf, matched."""
        return {
            key: match(self.old.branches[key], self.new.branches[key], self._differ.same)
            for key in COMBINATORS
            if self.old.branches[key] or self.new.branches[key]
        }

    @cached_property
    def children(self) -> tuple[Child, ...]:
        """Schemas inside that both sides have and that may differ."""
        return tuple(self._children())

    def _children(self) -> Iterator[Child]:
        before, after = self.old.value, self.new.value
        yield from self._members("properties", lambda name: f".{name}", named=True)
        for key in _ONE_SCHEMA:
            if isinstance(before.get(key), dict) and isinstance(after.get(key), dict):
                label = {"items": "[]", "additionalProperties": ".*"}.get(key, f".{key}")
                yield from self._child(label, None, key, before[key], after[key])
        for key in _SCHEMA_MAPS:
            yield from self._members(key, lambda name, key=key: f".{key}({name})", named=False)  # type: ignore[misc]
        pairs = zip(sequence(before.get("prefixItems")), sequence(after.get("prefixItems")), strict=False)
        for index, (one, other) in enumerate(pairs):
            yield from self._child(f"[{index}]", None, f"prefixItems/{index}", one, other)
        if "types" in self.facets:
            return
        for key, matching in self.branches.items():
            for one_branch, other_branch in matching.common:
                label = f".{key}({other_branch.label})"
                pointers = one_branch.pointer, other_branch.pointer
                yield self._made(label, None, pointers, one_branch.value, other_branch.value)

    def _members(self, key: str, label: Callable[[str], str], *, named: bool) -> Iterator[Child]:
        after = mapping(self.new.value.get(key))
        for name, value in mapping(self.old.value.get(key)).items():
            if name in after:
                yield from self._child(
                    label(name), name if named else None, f"{key}/{escape(name)}", value, after[name]
                )

    def _child(self, label: str, name: str | None, keys: str, old: Any, new: Any) -> Iterator[Child]:
        if not self._differ.same(old, new):
            pointers = f"{self.old.node.pointer}/{keys}", f"{self.new.node.pointer}/{keys}"
            yield self._made(label, name, pointers, old, new)

    def _made(self, label: str, name: str | None, pointers: tuple[str, str], old: Any, new: Any) -> Child:
        diff = self._differ.pair(pointers, old, new)
        return Child(label, name, diff, shared="$ref" in mapping(old) or "$ref" in mapping(new))


class SchemaDiffer:
    """Makes the difference of two schemas, the same one for the same pair, so that circles close."""

    def __init__(self, old: OpenApi, new: OpenApi, same: Sameness) -> None:
        self.old, self.new, self.same = old, new, same
        self._made: dict[tuple[int, int], SchemaDiff] = {}

    def pair(self, pointers: tuple[str, str], old: Any, new: Any) -> SchemaDiff:
        """The difference of two schemas at their pointers."""
        before, after = self.old.node(pointers[0], old), self.new.node(pointers[1], new)
        key = id(before.value), id(after.value)
        found = self._made.get(key)
        if found is None:
            # Nodes are kept by the result, and so the ids of their values stay theirs.
            found = self._made[key] = SchemaDiff(self, before, after)
        return found


def _facets(diff: SchemaDiff) -> Iterator[str]:
    old, new = diff.old, diff.new
    before, after = old.value, new.value
    for key in before.keys() | after.keys():
        if key not in _SEEN_APART and before.get(key) != after.get(key):
            yield key
    if set(old.required) != set(new.required):
        yield "required"
    if diff.properties_added or diff.properties_removed:
        yield "properties"
    if old.nullable != new.nullable:
        yield "nullable"
    yield from (key for key in _PRESENCE if (key in before) != (key in after))
    yield from (key for key in _UNEVALUATED if restricts(before.get(key)) != restricts(after.get(key)))
    yield from (key for key in _SCHEMA_MAPS if mapping(before.get(key)).keys() != mapping(after.get(key)).keys())
    if len(sequence(before.get("prefixItems"))) != len(sequence(after.get("prefixItems"))):
        yield "prefixItems"
    if diff.wrapped:
        yield "wrapped"
    yield from _type_facets(diff)


def _type_facets(diff: SchemaDiff) -> Iterator[str]:
    old, new = diff.old, diff.new
    if old.alternatives and new.alternatives and max(len(old.alternatives), len(new.alternatives)) > 1:
        if set(old.alternatives) != set(new.alternatives):
            yield "types"
        elif old.format != new.format:
            yield "type"
        return
    if set(old.types) != set(new.types) or old.format != new.format:
        yield "type"
    for key, matching in diff.branches.items():
        if matching.added or matching.removed:
            yield key


def _is_wrapped(old: Shape, new: Shape) -> bool:
    if old.branches["oneOf"] or (old.alternatives and new.alternatives):
        return False
    plain = bool(old.types or "properties" in old.value or old.branches["allOf"])
    return plain and len(new.branches["oneOf"]) > 1 and not new.types and "properties" not in new.value


def restricts(schema: Any) -> bool:
    """Whether a schema keeps anything out: true, ``{}`` and an absent one don't."""
    return schema is not None and schema is not True and schema != {}
