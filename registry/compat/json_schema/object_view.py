from __future__ import annotations

from dataclasses import dataclass

from registry.compat.json_schema.context import Context
from registry.compat.json_schema.node import Node, Place, matches


@dataclass(frozen=True, slots=True)
class ObjectView:
    """What a schema says about an object's members.

    ``extra`` judges the names that neither ``properties`` nor ``patterns`` know: true (open content model), false
    (closed) or a schema (partially open). ``elsewhere`` is the schema around it, if its unevaluatedProperties is what
    ``extra`` holds: names that other parts of that schema evaluate are none of ours to judge.
    """

    node: Node
    properties: dict[str, Place]
    patterns: dict[str, Place]
    extra: Place
    extra_keyword: str
    required: frozenset[str]
    elsewhere: Place | None

    def governing(self, name: str) -> list[Place]:
        """The pattern schemas that judge a name, or else ``extra``."""
        return [schema for pattern, schema in self.patterns.items() if matches(pattern, name)] or [self.extra]


def object_view(node: Node) -> ObjectView:
    """Sort out the keywords about members."""
    extra, keyword, elsewhere = _extra(node)
    return ObjectView(
        node=node,
        properties={name: node.place.child("properties", name) for name in node.schema.get("properties", ())},
        patterns={
            name: node.place.child("patternProperties", name) for name in node.schema.get("patternProperties", ())
        },
        extra=extra,
        extra_keyword=keyword,
        required=frozenset(node.schema.get("required", ())),
        elsewhere=elsewhere,
    )


def _extra(node: Node) -> tuple[Place, str, Place | None]:
    if node.has("additionalProperties"):
        return node.place.child("additionalProperties"), "additionalProperties", None
    around = node.place if node.has("unevaluatedProperties") else node.place.outer
    if around is not None:
        return around.child("unevaluatedProperties"), "unevaluatedProperties", around
    return node.place.anything(), "additionalProperties", None


def is_open(ctx: Context, place: Place) -> bool:
    """Whether a schema takes everything."""
    return not ctx.node(place).asserts


def is_closed(ctx: Context, place: Place) -> bool:
    """Whether a schema takes nothing."""
    return ctx.node(place).never
