"""Connected components over labels: the join of the product, as a pure function.

Every key carries a label; a label is itself the hash of a key, and the smallest hash of a component is the label that
all its keys end with. Labels only ever go down, so a join is order-free and can be repeated without harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Joined:
    """What a round found out.

    ``roots`` maps every key of the round to the label of its component; ``lost`` maps a label that is no longer the
    smallest of its component to the one that took its place.
    """

    roots: Mapping[bytes, bytes]
    lost: Mapping[bytes, bytes]


def join(edges: Iterable[tuple[bytes, ...]], labels: Mapping[bytes, bytes]) -> Joined:
    """Join the keys of each edge, given the labels that are known so far.

    Args:
        edges: the key hashes of each milestone; none is empty.
        labels: key hash -> label, for those of the edges' keys that have one.
    """
    parent: dict[bytes, bytes] = {}

    def find(node: bytes) -> bytes:
        root = node
        while (up := parent.setdefault(root, root)) != root:
            root = up
        while (up := parent[node]) != root:
            parent[node], node = root, up
        return root

    keys: set[bytes] = set()
    for edge in edges:
        smallest = find(edge[0])
        for key in edge:
            for node in (key, labels.get(key, key)):
                root = find(node)
                if root < smallest:
                    parent[smallest] = root
                    smallest = root
                elif root != smallest:
                    parent[root] = smallest
        keys.update(edge)
    known = {label for key in keys if (label := labels.get(key)) is not None}
    return Joined(
        roots={key: find(key) for key in keys},
        lost={label: root for label in known if (root := find(label)) != label},
    )
