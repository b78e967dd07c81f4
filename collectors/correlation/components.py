"""Connected components over labels: the join of the product, as a pure function.

Every key carries a label: an era and the hash of a key. The smallest label of a component is the one that all its keys end
with. Labels only ever go down, so a join is order-free and can be repeated without harm. An era is there for the
rare case that people take a wrong join apart: labels of a later era are smaller than all of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ERA_BYTES, KEY_BYTES = 8, 16
LABEL_BYTES = ERA_BYTES + KEY_BYTES
_LATEST = 2 ** (8 * ERA_BYTES) - 1


def label(key: bytes, era: int = 0) -> bytes:
    """The label that a key has by itself in an era (0 is the first)."""
    first: bytes = (_LATEST - era).to_bytes(ERA_BYTES, "big")
    return first + key


def key_of(label: bytes) -> bytes:
    """The key that a label was made of."""
    return label[ERA_BYTES:]


def era_of(label: bytes) -> int:
    """The era of a label."""
    later: int = _LATEST - int.from_bytes(label[:ERA_BYTES], "big")
    return later


@dataclass(frozen=True, slots=True)
class Joined:
    """What a round found out.

    ``roots`` maps every key of the round to the label of its component; ``lost`` maps a label that is no longer the
    smallest of its component to the one that took its place.
    """

    roots: Mapping[bytes, bytes]
    lost: Mapping[bytes, bytes]


def join(edges: Iterable[tuple[bytes, ...]], labels: Mapping[bytes, bytes], era: int = 0) -> Joined:
    """Join the keys of each edge, given the labels that are known so far.

    Args:
        edges: the key hashes of each milestone; none is empty.
        labels: key hash -> label, for those of the edges' keys that have one.
        era: that of the labels which the others get.
    """
    parent: dict[bytes, bytes] = {}

    def find(node: bytes) -> bytes:
        root = node
        while (up := parent.setdefault(root, root)) != root:
            root = up
        while (up := parent[node]) != root:
            parent[node], node = root, up
        return root

    nodes: dict[bytes, bytes] = {}
    for edge in edges:
        for key in edge:
            if key not in nodes:
                nodes[key] = labels.get(key) or label(key, era)
        smallest = find(nodes[edge[0]])
        for key in edge[1:]:
            root = find(nodes[key])
            if root < smallest:
                parent[smallest] = root
                smallest = root
            elif root != smallest:
                parent[root] = smallest
    known = {nodes[key] for key in nodes if key in labels}
    return Joined(
        roots={key: find(node) for key, node in nodes.items()},
        lost={one: root for one in known if (root := find(one)) != one},
    )
