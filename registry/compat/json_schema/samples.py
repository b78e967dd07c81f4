from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from registry.compat.json_schema.node import Node, Place, canonical, covers, type_of

_PLAIN: tuple[Any, ...] = ("a", "", 0, 1, -1, 1.5, True, False, None, [], {})
_WORDS = ("a", "A1", "b", "ab", "2026-01-31", "12345", "x-y", "AAA", "a@b.co")
_DEPTH = 4
_KEPT = 24  # values kept for one schema
_MOST_FOR_ONE = 400  # values looked at for one schema
_LONGEST = 300  # characters of a made-up text, items of a made-up list


@dataclass(slots=True)
class Budget:
    """How many more values may be made: the same for every run, whatever the machine."""

    left: int


class Sampler:
    """Makes small values that are likely to fit one schema and to lie at the edges of two; what it made it remembers.

    Args:
        partner: the schema of the other document that belongs to a schema of the first, if any; its limits and names are
            tried, too.
        node: a schema's keywords, sorted out.
        fits: whether a value is valid by a schema of the first document.
        budget: shared with others.
    """

    def __init__(
        self,
        partner: Callable[[Place], Place | None],
        node: Callable[[Place], Node],
        fits: Callable[[Place, Any], bool],
        budget: Budget,
    ) -> None:
        self._partner, self._node, self._fits, self._budget = partner, node, fits, budget
        self._open: set[object] = set()
        self._made: dict[object, list[Any]] = {}
        self._fitting: dict[object, Any] = {}

    def around(self, place: Place, name: str) -> Iterator[Any]:
        """Least objects that differ in one member only."""
        node = self._node(place)
        nodes = self._nodes(node)
        needed = sorted(node.schema.get("required", ()))
        without = {key: self._needed(nodes, key) for key in needed if key != name}
        yield without
        # Members keep their order, so that the same value has the same text.
        order = [*without, name] if name not in needed else needed
        for value in self._member(nodes, name, 1):
            whole = {**without, name: value}
            yield {key: whole[key] for key in order}

    def _needed(self, nodes: list[Node], name: str) -> Any:
        """A value for a member that must be there: the first that fits, if any does."""
        found = self._member(nodes, name, 1)
        if name not in nodes[0].schema.get("properties", ()):
            return found[0]
        child = nodes[0].place.child("properties", name)
        if child.key not in self._fitting:
            self._fitting[child.key] = next((value for value in found if self._fits(child, value)), found[0])
        return self._fitting[child.key]

    def _member(self, nodes: list[Node], name: str, depth: int) -> list[Any]:
        """Values to try for a member: those that its schemas suggest, and a few of each type."""
        found = [
            value
            for node in nodes
            if name in node.schema.get("properties", ())
            for value in self.values(node.place.child("properties", name), depth)[:_KEPT]
        ]
        return [*found, *_PLAIN]

    def values(self, place: Place, depth: int = _DEPTH) -> list[Any]:
        """Up to a few dozen different values, small ones first."""
        node = self._node(place)
        if node.place.key in self._open or depth < 0 or self._budget.left <= 0:
            return [*_PLAIN]
        made = (node.place.key, depth)
        if made not in self._made:
            self._open.add(node.place.key)
            self._made[made] = self._smallest(node, depth)
            self._open.discard(node.place.key)
        return self._made[made]

    def _smallest(self, node: Node, depth: int) -> list[Any]:
        found: dict[str, Any] = {}
        for value in islice(self._candidates(node, depth), _MOST_FOR_ONE):
            self._budget.left -= 1
            found.setdefault(canonical(value), value)

        def order(text: str) -> tuple[bool, int]:
            return not covers(node.types, type_of(found[text])), len(text)

        return [found[text] for text in sorted(found, key=order)[: 3 * _KEPT]]

    def _candidates(self, node: Node, depth: int) -> Iterator[Any]:
        nodes = self._nodes(node)
        for one in nodes:
            yield from one.values or ()
        yield from (value for one in nodes for value in _edges(one))
        for part in (*node.all_of, *node.any_of, *node.one_of):
            yield from self.values(part, depth)
        if "object" in node.types:
            yield from self._objects(nodes, depth)
        if "array" in node.types:
            yield from self._arrays(nodes, depth)
        yield from _PLAIN
        if "string" in node.types:
            yield from _WORDS

    def _nodes(self, node: Node) -> list[Node]:
        place = self._partner(node.place)
        return [node] if place is None else [node, self._node(place)]

    def _objects(self, nodes: list[Node], depth: int) -> Iterator[dict[str, Any]]:
        """The least object, one without each member in turn, and one with each member varied in turn."""
        members: dict[str, list[Any]] = {}
        for node in nodes:
            for part in (node.place, *node.all_of):
                one = self._node(part)
                for name in one.schema.get("properties", ()):
                    found = self.values(one.place.child("properties", name), depth - 1)[:_KEPT]
                    members.setdefault(name, []).extend(found)
        for name in sorted({name for node in nodes for name in _named(node.schema)}):
            members.setdefault(name, ["a"])
        required = {name for name in nodes[0].schema.get("required", ()) if members.get(name)}
        least = {name: members[name][0] for name in sorted(required)}
        full = {name: values[0] for name, values in members.items() if values}
        for base in (least, full):
            yield base
            for name, values in members.items():
                yield {key: value for key, value in base.items() if key != name}
                yield from ({**base, name: one} for one in values)
            for name in self._further(nodes):
                yield from ({**base, name: "a"}, {**base, name: 1}, {**base, name: None}, {**base, name: {}})
        for count in _counts(nodes, "minProperties", "maxProperties"):
            yield {**least, **{f"x{position}": "a" for position in range(count - len(least))}}

    def _further(self, nodes: list[Node]) -> Iterator[str]:
        """Names that properties don't list: one that patterns may like, and one that nothing does."""
        yield "extra"
        for node in nodes:
            for pattern in node.schema.get("patternProperties", ()):
                yield _literal(pattern) + "1"

    def _arrays(self, nodes: list[Node], depth: int) -> Iterator[list[Any]]:
        items: list[Any] = []
        for node in nodes:
            for keyword in ("items", "contains"):
                if isinstance(node.get(keyword), (dict, bool)):
                    items.extend(self.values(node.place.child(keyword), depth - 1)[:_KEPT])
            for keyword in ("prefixItems", "items"):
                if isinstance(node.get(keyword), list):
                    yield from self._tuples(node, keyword, depth)
        items.extend(["a", 1, None])
        yield from ([item] for item in items)
        for count in _counts(nodes, "minItems", "maxItems", "minContains", "maxContains"):
            yield from ([item] * count for item in items[:3])
            yield [*range(count)]
        yield from ([items[0], item] for item in items)

    def _tuples(self, node: Node, keyword: str, depth: int) -> Iterator[list[Any]]:
        columns = [
            self.values(node.place.child(keyword, str(position)), depth - 1)[:_KEPT]
            for position in range(len(node.get(keyword)))
        ]
        base = [column[0] for column in columns]
        yield base
        yield base[:-1]
        yield from ([*base, item] for item in ("a", 1, None))
        for position, column in enumerate(columns):
            yield from ([*base[:position], one, *base[position + 1 :]] for one in column)


def _named(schema: dict[str, Any]) -> Iterator[str]:
    """Names that are asked for without being described: by required, by dependencies, under a condition."""
    yield from schema.get("required", ())
    for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
        for name, value in schema.get(keyword, {}).items():
            yield name
            yield from value if isinstance(value, list) else ()
    for keyword in ("if", "then", "else", "not"):
        if isinstance(schema.get(keyword), dict):
            yield from _named(schema[keyword])


def _edges(node: Node) -> Iterator[Any]:
    """Values at, just below and just above each limit."""
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        limit = node.get(keyword)
        if isinstance(limit, (int, float)) and not isinstance(limit, bool):
            yield from (limit, limit - 1, limit + 1, limit + 0.5, limit - 0.5)
    step = node.get("multipleOf")
    if step:
        yield from (step, step * 2, step * 3, -step)
    lengths = _counts([node], "minLength", "maxLength")
    yield from ("a" * length for length in lengths)
    if node.has("pattern"):
        literal = _literal(node.get("pattern"))
        yield from (literal, f"{literal}a", f"{literal}1")


def _counts(nodes: list[Node], *keywords: str) -> list[int]:
    limits = {math.floor(node.get(keyword)) for node in nodes for keyword in keywords if node.has(keyword)}
    return sorted({count for limit in limits for count in (limit - 1, limit, limit + 1) if 0 <= count <= _LONGEST})


def _literal(pattern: str) -> str:
    """The plain letters of a pattern, in the hope that they match it."""
    return re.sub(r"\\.|[\^$\[\](){}*+?.|]", "", pattern)
