"""One round of correlation: join the keys of some milestones, then fold the instances that they touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from collectors.correlation import labels
from collectors.correlation.components import join
from collectors.store.client import Store
from collectors.timelines import rows
from collectors.timelines.fold import fold
from collectors.timelines.model import Milestone
from collectors.workflows.definition import Definition

#: How many instances are folded at a time; bounds memory, not meaning.
FOLD_CHUNK = 5_000


def correlate(store: Store, definition: Definition, edges: Sequence[tuple[bytes, ...]]) -> int:
    """Join and fold; the number of instances that were written.

    ``edges`` are the key hashes of milestones that are in the store. Every part of it can be repeated, in any order and
    by several collectors at once, without harm: labels only go down, and a summary read later wins over one read before.
    """
    known = labels.labels_of(store, definition.id, {key for edge in edges for key in edge})
    joined = join(edges, known)
    fresh = [(key, root) for key, root in joined.roots.items() if known.get(key) != root]
    if joined.lost:
        moved = labels.keys_of(store, definition.id, joined.lost.keys())
        fresh += [(key, joined.lost[label]) for key, label in moved.items() if key not in joined.roots]
    labels.write(store, definition.id, fresh)
    summarise(store, definition, set(joined.roots.values()), joined.lost.keys())
    return len(set(joined.roots.values()))


def summarise(store: Store, definition: Definition, roots: Collection[bytes], gone: Collection[bytes] = ()) -> None:
    """Fold the components of these labels from all their facts and write what they came to.

    A version is taken before facts and labels are read: whoever reads later has seen at least as much and wins. A label
    that another collector has joined to a smaller one meanwhile is written as gone.
    """
    ordered = sorted({*roots, *gone})
    for start in range(0, len(ordered), FOLD_CHUNK):
        chunk = ordered[start : start + FOLD_CHUNK]
        version = store.query("SELECT toUnixTimestamp64Micro(now64(6))")[0][0]
        current = labels.labels_of(store, definition.id, chunk)
        alive = [root for root in chunk if current.get(root) == root]
        members = labels.keys_of(store, definition.id, alive)
        by_root: defaultdict[bytes, list[Milestone]] = defaultdict(list)
        for anchor, milestone in rows.milestones_of(store, definition.id, members):
            by_root[members[anchor]].append(milestone)
        instances = (fold(definition, facts) for facts in by_root.values())
        rows.write_instances(store, definition, version, instances, (label for label in chunk if label not in by_root))
