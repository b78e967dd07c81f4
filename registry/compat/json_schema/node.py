from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson

from registry.compat.json_lines import escape
from registry.compat.json_schema.index import Index
from registry.compat.json_schema.vocabulary import SHAPES, TYPES

ALL_TYPES = frozenset(TYPES) - {"integer"}
_NAMES_ONLY = {"$defs", "definitions", "$ref"}
# Keywords that make a schema more than an empty one.
ASSERTS = (set(SHAPES) | {"const", "$dynamicRef", "$recursiveRef"}) - _NAMES_ONLY
_COMBINES = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "$dynamicRef", "$recursiveRef", "dependentSchemas"}
)


@dataclass(slots=True, eq=False)  # not frozen, which would treble the cost of making one: thousands are made
class Place:
    """A schema where it stands.

    ``variant`` tells apart the partial views of one pointer; ``outer`` is the schema whose unevaluatedProperties governs
    the names that nothing within it evaluates.
    """

    index: Index
    pointer: str
    schema: Any
    variant: str = ""
    outer: Place | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What two places must share to be one."""
        return self.index.which, self.pointer, self.variant, self.outer.pointer if self.outer else ""

    def child(self, *steps: str) -> Place:
        """The schema at these keywords and names within this one (a child of its own, no longer governed from outside)."""
        schema = self.schema
        for step in steps:
            schema = schema[int(step)] if isinstance(schema, list) else schema[step]
        pointer = self.pointer + "".join(f"/{escape(step)}" for step in steps)
        return Place(self.index, pointer, schema)

    def anything(self) -> Place:
        """What holds where a keyword is absent."""
        return Place(self.index, self.pointer, schema=True, variant="+anything")

    def part(self, variant: str, schema: Any) -> Place:
        """A view of this place with some of its keywords only."""
        return replace(self, schema=schema, variant=f"{self.variant}{variant}")


@dataclass(frozen=True, slots=True)
class Node:
    """A place with its references followed and its keywords sorted out.

    ``types`` are the types that it names itself (integer counts as its own, narrower type), ``values`` those of enum
    and const. ``opaque`` names a reference out of the document, which can only be compared by its name.
    """

    place: Place
    schema: dict[str, Any]
    types: frozenset[str]
    values: tuple[Any, ...] | None
    all_of: tuple[Place, ...]
    any_of: tuple[Place, ...]
    one_of: tuple[Place, ...]
    opaque: str | None

    @property
    def sums(self) -> Iterator[tuple[str, tuple[Place, ...]]]:
        """The choices: ("anyOf" or "oneOf", branches)."""
        for keyword, branches in (("anyOf", self.any_of), ("oneOf", self.one_of)):
            if branches:
                yield keyword, branches

    @property
    def never(self) -> bool:
        """Whether no value at all is valid, as far as one can see without search."""
        return not self.types or self.values == ()

    @property
    def asserts(self) -> bool:
        """Whether any keyword constrains anything."""
        return self.never or self.opaque is not None or bool(self.all_of) or not ASSERTS.isdisjoint(self.schema)

    @property
    def combinator(self) -> str | None:
        """The keyword of allOf, anyOf and oneOf, if the schema says nothing else."""
        keywords = ASSERTS.intersection(self.schema)
        if len(keywords) > 1 or self.opaque is not None or "$ref" in self.schema:
            return None
        return next(iter(keywords & {"allOf", "anyOf", "oneOf"}), None)

    @property
    def applies_others(self) -> bool:
        """Whether schemas beside its own keywords judge (and evaluate) the same value."""
        return not _COMBINES.isdisjoint(self.schema)

    def get(self, keyword: str) -> Any:
        """A keyword's value, None if absent."""
        return self.schema.get(keyword)

    def has(self, keyword: str) -> bool:
        """Whether the keyword is there."""
        return keyword in self.schema


def same(old: Place, new: Place) -> bool:
    """Whether two schemas are one text and lead nowhere else, so that no difference can hide behind them."""
    if old.outer or new.outer or old.variant or new.variant:
        return False
    try:
        text = orjson.dumps(old.schema)
        return text == orjson.dumps(new.schema) and b'"$' not in text
    except TypeError:  # a number beyond 64 bits, or nesting too deep for it: then look inside
        return False


def canonical(value: Any) -> str:
    """A text that two JSON values share exactly if JSON Schema calls them equal (1 and 1.0 are, 1 and true aren't)."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        if b"." in text or b"e" in text:  # perhaps a number that can be written without a fraction
            text = orjson.dumps(whole_numbers(value), option=orjson.OPT_SORT_KEYS)
        return text.decode()
    except TypeError:  # a number beyond 64 bits, half a surrogate pair, or nesting too deep for it
        return json.dumps(whole_numbers(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def whole_numbers(value: Any) -> Any:
    """The value with every number without a fraction as an integer."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole_numbers(one) for one in value]
    if isinstance(value, dict):
        return {key: whole_numbers(one) for key, one in value.items()}
    return value


def type_of(value: Any) -> str:
    """The narrowest JSON Schema type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) or value.is_integer() else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def covers(types: frozenset[str], one: str) -> bool:
    """Whether a value of the type is of one of the types."""
    return one in types or (one == "integer" and "number" in types)


def common_types(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The types of values that are of a type in both sets."""
    return frozenset(name for name in one if covers(other, name)) | frozenset(
        name for name in other if covers(one, name)
    )


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:  # ECMA-262 knows more than Python does
        return None


def matches(pattern: str, name: str) -> bool:
    """Whether a patternProperties pattern matches; one that Python can't read is taken to match."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(name) is not None


def build_node(place: Place) -> Node:
    """Follow references and sort out the keywords.

    Raises:
        DocumentError: a reference leads back to itself.
    """
    place, outside = _follow(place)
    schema = place.schema
    if isinstance(schema, bool):
        types = ALL_TYPES if schema else frozenset()
        return Node(place, {}, types, None, (), (), (), outside)
    types = _types(schema)
    return Node(
        place=place,
        schema=schema,
        types=types,
        values=_values(schema, types),
        all_of=(*_branches(place, "allOf"), *_referenced(place)),
        any_of=_branches(place, "anyOf"),
        one_of=_branches(place, "oneOf"),
        opaque=outside or _outside(place),
    )


def _follow(place: Place) -> tuple[Place, str | None]:
    """Go where a schema leads that is nothing but a reference; the second value names a reference out of reach."""
    seen: set[str] = set()
    while isinstance(place.schema, dict) and not place.variant:
        keyword = next((word for word in ("$ref", "$dynamicRef", "$recursiveRef") if word in place.schema), None)
        if keyword is None or (place.pointer, keyword) not in place.index.targets:
            break
        others = ASSERTS - {keyword}
        if not place.index.ref_stands_alone and not others.isdisjoint(place.schema):
            break
        target = place.index.targets[place.pointer, keyword]
        if target is None:
            return replace(place, schema=True), place.schema[keyword]
        if target in seen:
            raise place.index.error("this reference leads back to itself", place.pointer)
        seen.add(target)
        place = replace(place, pointer=target, schema=place.index.at(target))
    return place, None


def _reference_targets(place: Place) -> Iterator[tuple[str, str | None]]:
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if keyword in place.schema and (place.pointer, keyword) in place.index.targets:
            yield place.schema[keyword], place.index.targets[place.pointer, keyword]


def _referenced(place: Place) -> tuple[Place, ...]:
    targets = [target for _, target in _reference_targets(place) if target is not None]
    return tuple(Place(place.index, target, place.index.at(target), outer=_outer(place)) for target in targets)


def _outside(place: Place) -> str | None:
    return next((name for name, target in _reference_targets(place) if target is None), None)


def _branches(place: Place, keyword: str) -> tuple[Place, ...]:
    branches = place.schema.get(keyword, ())
    outer = _outer(place)
    return tuple(
        Place(place.index, f"{place.pointer}/{keyword}/{position}", branch, outer=outer)
        for position, branch in enumerate(branches)
    )


def _outer(place: Place) -> Place | None:
    return place if "unevaluatedProperties" in place.schema else place.outer


def _types(schema: dict[str, Any]) -> frozenset[str]:
    if schema.get("not") in ({}, True):
        return frozenset()
    named = schema.get("type")
    if named is None:
        return ALL_TYPES
    types = frozenset([named] if isinstance(named, str) else named)
    return types - {"integer"} if "number" in types else types


def _values(schema: dict[str, Any], types: frozenset[str]) -> tuple[Any, ...] | None:
    if "enum" not in schema and "const" not in schema:
        return None
    values = schema.get("enum", [schema.get("const")])
    if "const" in schema:
        wanted = canonical(schema["const"])
        values = [value for value in values if canonical(value) == wanted]
    distinct = {canonical(value): value for value in values if covers(types, type_of(value))}
    return tuple(distinct.values())
