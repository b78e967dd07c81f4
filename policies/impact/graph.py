"""The graph of dependences as plain values, and what can be reached in it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Provenance = Literal["declared", "observed", "inferred"]
#: How sure each is, the surest first; a way is as sure as its least sure step.
PROVENANCES: tuple[Provenance, ...] = ("declared", "observed", "inferred")
#: Further away nearly everything hangs together.
_FURTHEST = 4


@dataclass(frozen=True, slots=True)
class Node:
    """A declared thing, a field of one (``place``, a JSON Pointer), or a ``service`` that nobody declared."""

    kind: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """``dependent`` would feel a change of ``on``; ``why`` is a phrase about it, ``last_at`` nanoseconds, 0 if not seen.

    One that is ``near`` counts only for who asked about ``on`` itself: what a team owns does not feel what the team uses.
    """

    dependent: Node
    on: Node
    why: str
    provenance: Provenance = "declared"
    calls: int = 0
    last_at: int = 0
    near: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """Something that depends on what was asked for: by which step, how many steps away, how sure the whole way is."""

    node: Node
    edge: Edge
    hops: int
    provenance: Provenance


def reached(edges: Iterable[Edge], *starts: Node) -> list[Reached]:
    """All that depends on the nodes, each once by its shortest and surest way, nearest first."""
    by_on: defaultdict[Node, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_on[edge.on].append(edge)
    found: dict[Node, Reached] = {}
    front: list[tuple[Node, Provenance]] = [(node, "declared") for node in starts]
    for hops in range(1, _FURTHEST + 1):
        steps = [(edge, _least(sure, edge.provenance)) for node, sure in front for edge in by_on[node]]
        steps = [step for step in steps if hops == 1 or not step[0].near]
        front = []
        for edge, sure in sorted(steps, key=lambda step: (PROVENANCES.index(step[1]), -step[0].calls)):
            if edge.dependent not in found and edge.dependent not in starts:
                found[edge.dependent] = Reached(edge.dependent, edge, hops, sure)
                front.append((edge.dependent, sure))
    return sorted(
        found.values(), key=lambda one: (one.hops, PROVENANCES.index(one.provenance), one.node.kind, one.node.name)
    )


def _least(one: Provenance, other: Provenance) -> Provenance:
    return max(one, other, key=PROVENANCES.index)
