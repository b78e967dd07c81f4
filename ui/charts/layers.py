"""Places for the nodes of a directed graph in layers from left to right. Pure, and the same for the same graph.

The usual three steps (Sugiyama, Tagawa and Toda 1981): edges that close a circle are set aside, every node goes one layer
behind the last of those that lead to it, and nodes of a layer are ordered by the middle of their neighbours. An edge that
passes over layers has a place in each, so that it need not run through the nodes there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

M = TypeVar("M", bound=Hashable)
N = TypeVar("N", bound=Hashable)
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Pass(Generic[N]):
    """Where an edge passes through a layer."""

    start: N
    end: N
    layer: int


def layers(nodes: Sequence[N], edges: Iterable[tuple[N, N]]) -> list[list[N | Pass[N]]]:
    """What stands in each layer from top to bottom, the first layer at the left; ``nodes`` in their order of preference."""
    pairs = list(dict.fromkeys((start, end) for start, end in edges if start != end))
    forward = _without_circles(nodes, pairs)
    depth = _depths(nodes, forward)
    found: list[list[N | Pass[N]]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in nodes:
        found[depth[node]].append(node)
    steps: list[tuple[N | Pass[N], N | Pass[N]]] = []
    for start, end in forward:
        passes = [Pass(start, end, layer) for layer in range(depth[start] + 1, depth[end])]
        for one in passes:
            found[one.layer].append(one)
        steps += pairwise([start, *passes, end])
    return _ordered(found, steps)


def _without_circles(nodes: Sequence[N], pairs: Sequence[tuple[N, N]]) -> list[tuple[N, N]]:
    """The edges but those that lead back to a node that is still being walked from."""
    after: defaultdict[N, list[N]] = defaultdict(list)
    inward: defaultdict[N, int] = defaultdict(int)
    for start, end in pairs:
        after[start].append(end)
        inward[end] += 1
    # Whoever is led to least begins, so that circles break where they are entered.
    begin = sorted(nodes, key=lambda node: (inward[node], nodes.index(node)))
    done: set[N] = set()
    walking: set[N] = set()
    back: set[tuple[N, N]] = set()
    for root in begin:
        stack = [(root, iter(after[root]))] if root not in done else []
        walking.update([root] if stack else [])
        while stack:
            node, following = stack[-1]
            step = next((one for one in following if (node, one) not in back), None)
            if step is None:
                walking.discard(node)
                done.add(node)
                stack.pop()
            elif step in walking:
                back.add((node, step))
            elif step not in done:
                walking.add(step)
                stack.append((step, iter(after[step])))
    return [pair for pair in pairs if pair not in back]


def _depths(nodes: Sequence[N], forward: Sequence[tuple[N, N]]) -> dict[N, int]:
    before: defaultdict[N, list[N]] = defaultdict(list)
    for start, end in forward:
        before[end].append(start)
    depth: dict[N, int] = {}

    def of(node: N) -> int:
        if node not in depth:
            depth[node] = 1 + max((of(one) for one in before[node]), default=-1)
        return depth[node]

    for node in nodes:
        of(node)
    return depth


def _ordered(found: list[list[M]], forward: Sequence[tuple[M, M]]) -> list[list[M]]:
    before: defaultdict[M, list[M]] = defaultdict(list)
    after: defaultdict[M, list[M]] = defaultdict(list)
    for start, end in forward:
        before[end].append(start)
        after[start].append(end)
    for sweep in range(_SWEEPS):
        neighbours: Mapping[M, list[M]] = before if sweep % 2 == 0 else after
        place = {node: (at + 0.5) / len(layer) for layer in found for at, node in enumerate(layer)}
        for layer in found if sweep % 2 == 0 else reversed(found):
            middle = {node: _middle(node, neighbours, place) for node in layer}
            layer.sort(key=lambda node: middle[node])
            place |= {node: (at + 0.5) / len(layer) for at, node in enumerate(layer)}
    return found


def _middle(node: M, neighbours: Mapping[M, list[M]], place: Mapping[M, float]) -> float:
    own = [place[one] for one in neighbours.get(node, ())]
    return sum(own) / len(own) if own else place[node]
