"""What unevaluatedProperties leaves alone: the names that other parts of the same schema evaluate."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.extra_members import extra_finding
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Node, Place, canonical, matches
from registry.compat.json_schema.object_view import ObjectView, is_open

_CONDITIONAL = frozenset({"anyOf", "oneOf", "if", "then", "else", "dependentSchemas"})


class Evaluated:
    """The names that a schema and all that it applies to the same object evaluate.

    With ``always`` only those count that are evaluated whatever the data: what a branch of a choice or a condition
    evaluates depends on whether it holds. ``trusted`` are keywords of the schema itself that count all the same.
    """

    def __init__(
        self, ctx: Context, place: Place, *, always: bool = False, trusted: frozenset[str] = frozenset()
    ) -> None:
        self.names: dict[str, Place] = {}
        self.patterns: list[str] = []
        self.everything = False
        self._collect(ctx, place, _CONDITIONAL - trusted if always else frozenset(), set())

    def covers(self, name: str) -> bool:
        """Whether some part evaluates the name."""
        return self.everything or name in self.names or any(matches(pattern, name) for pattern in self.patterns)

    def _collect(self, ctx: Context, place: Place, skipped: frozenset[str], seen: set[object]) -> None:
        node = ctx.node(place)
        if node.place.key in seen:
            return
        seen.add(node.place.key)
        for name in node.schema.get("properties", ()):
            self.names.setdefault(name, node.place.child("properties", name))
        self.patterns.extend(node.schema.get("patternProperties", ()))
        self.everything = self.everything or node.has("additionalProperties")
        for part in _parts(node, skipped):
            self._collect(ctx, part, skipped, seen)


def _parts(node: Node, skipped: frozenset[str]) -> Iterator[Place]:
    yield from node.all_of
    if "anyOf" not in skipped:
        yield from node.any_of
    if "oneOf" not in skipped:
        yield from node.one_of
    for keyword in ("if", "then", "else"):
        if node.has(keyword) and keyword not in skipped:
            yield node.place.child(keyword)
    if "dependentSchemas" not in skipped:
        for name in node.schema.get("dependentSchemas", ()):
            yield node.place.child("dependentSchemas", name)


def compare_evaluated(ctx: Context, before: ObjectView, after: ObjectView) -> Iterator[Finding]:
    """Names that a part of the old schema evaluated, no part of the new one does, and that the rest now judges."""
    if not before.node.has("unevaluatedProperties") or before.node.has("additionalProperties"):
        return
    if is_open(ctx, after.extra):
        return
    was_always, was = (Evaluated(ctx, before.node.place, always=always) for always in (True, False))
    now_always = _known(ctx, after, frozenset())
    # What held under a condition holds under the same one.
    now = _known(ctx, after, _unchanged_conditions(before.node, after.node))
    if (was_always.everything and not now_always.everything) or (was.everything and not now.everything):
        yield extra_finding("additional-properties-removed", before, after)
        return
    for pattern in was.patterns:
        known = now_always if pattern in was_always.patterns else now
        if not known.everything and pattern not in known.patterns and pattern not in before.patterns:
            rule = "pattern-property-removed-from-closed-content-model"
            yield Finding(rule, before.node.place.pointer, after.node.place.pointer, pattern, on_new=False)
    for name, place in was.names.items():
        known = now_always if name in was_always.names else now
        if name not in before.properties and not known.covers(name) and not ctx.fits(place, after.extra):
            rule = "property-removed-from-closed-content-model"
            yield Finding(rule, place.pointer, after.node.place.pointer, name, place.schema, on_new=False)


def _known(ctx: Context, after: ObjectView, trusted: frozenset[str]) -> Evaluated:
    if not after.node.has("additionalProperties"):
        return Evaluated(ctx, after.node.place, always=True, trusted=trusted)
    own = {word: after.node.get(word) for word in ("properties", "patternProperties") if after.node.has(word)}
    return Evaluated(ctx, after.node.place.part("+members", own))


def _unchanged_conditions(old: Node, new: Node) -> frozenset[str]:
    """The conditional keywords that both schemas have alike, so that what they evaluate is the same."""
    return frozenset(word for word in _CONDITIONAL if canonical(old.get(word)) == canonical(new.get(word)))
