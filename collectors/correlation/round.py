"""One round of correlation: join the keys of some milestones, then fold the instances that they touch."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from collectors.correlation import labels
from collectors.correlation.components import Joined, era_of, join, key_of
from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.gathering import gather, gather_members
from collectors.correlation.keys import key_hash
from collectors.correlation.versions import present
from collectors.store.client import Store
from collectors.timelines import rows, weeks
from collectors.timelines.fold import fold
from collectors.workflows.definition import Definition

#: How many instances are folded at a time; bounds memory, not meaning.
FOLD_CHUNK = 5_000


def correlate(
    store: Store,
    definition: Definition,
    edges: Sequence[tuple[bytes, ...]],
    corrections: Corrections = NOTHING,
    *,
    others: bool = False,
) -> int:
    """Join and fold; the number of instances that were written.

    ``edges`` are the key hashes of milestones that are in the store. Every part of it can be repeated, in any order and
    by several collectors at once, without harm: labels only go down, and a summary read later wins over one read before.
    With ``others`` at work, one of them may have written an instance just when another joined it to something else and
    ended before it could say that it is gone. Nobody knows such a row by the labels of keys, so it is looked for.
    """
    joined, fresh = _joins(store, definition, edges, corrections)
    if joined.lost:
        _foresee(store, definition, corrections, joined, set(joined.lost.values()), joined.lost)
    labels.write(store, definition.id, fresh)
    roots, gone = set(joined.roots.values()), set(joined.lost)
    if others:
        gone |= weeks.counting(store, definition.id, labels.keys_of(store, definition.id, roots)) - roots
    summarise(store, definition, corrections, roots, gone)
    return len(roots)


def join_keys(
    store: Store, definition: Definition, edges: Sequence[tuple[bytes, ...]], corrections: Corrections
) -> Joined:
    """Give the keys of these milestones the labels of their components."""
    joined, fresh = _joins(store, definition, edges, corrections)
    labels.write(store, definition.id, fresh)
    return joined


def _foresee(
    store: Store,
    definition: Definition,
    corrections: Corrections,
    joined: Joined,
    roots: Collection[bytes],
    lost: Collection[bytes],
) -> None:
    """Write as gone what is about to become part of other instances, and what these come to, before keys have new labels.

    Once they have them, nobody who comes after an interruption can tell what there was before, and it would count for ever.
    Both go out in one insert, so that no list is without the one and the other.
    """
    version = present(store)
    members = {key: root for key, root in joined.roots.items() if root in roots}
    for key, label in labels.keys_of(store, definition.id, {*joined.lost, *roots}).items():
        members.setdefault(key, joined.lost.get(label, label))
    facts = gather_members(store, definition.id, corrections, members)
    instances = ((label, fold(definition, found, corrections)) for label, found in facts.items())
    rows.write_instances(store, definition, version, instances, (label for label in lost if label not in facts))


def _joins(
    store: Store, definition: Definition, edges: Sequence[tuple[bytes, ...]], corrections: Corrections
) -> tuple[Joined, list[tuple[bytes, bytes]]]:
    """What the edges join, and the labels that have to be written for it."""
    joining = [corrections.joining(edge) for edge in edges]
    known = labels.labels_of(store, definition.id, {key for edge in joining for key in edge})
    joined = join(joining, known)
    fresh = [(key, root) for key, root in joined.roots.items() if known.get(key) != root]
    if joined.lost:
        moved = labels.keys_of(store, definition.id, joined.lost.keys())
        fresh += [(key, joined.lost[label]) for key, label in moved.items() if key not in joined.roots]
    return joined, fresh


def rejoin(store: Store, definition: Definition, keys: Collection[bytes], corrections: Corrections) -> None:
    """Join anew, from nothing, all that these keys are part of, since corrections about them have changed.

    The labels get an era of their own, later than any before, so that they win over what was joined wrongly. What somebody
    who ended meanwhile had foreseen of another era is gone as well.
    """
    known = labels.labels_of(store, definition.id, keys)
    old = set(known.values())
    members = {*labels.keys_of(store, definition.id, old), *known}
    stored = rows.milestones_of(store, definition.id, {*members, *corrections.beside(members)})
    edges = [corrections.joining(tuple(key_hash(key) for key in milestone.keys)) for _, milestone in stored]
    edges += [edge for edge in corrections.edges if edge[0] in members or edge[1] in members]
    # A key that joins nothing any more still needs a label of the new era.
    edges += [(key,) for key in members]
    foreign = {key for edge in edges for key in edge} - members
    theirs = labels.labels_of(store, definition.id, foreign)
    # Clocks differ, and are put back; what was joined wrongly must lose all the same.
    latest = max(map(era_of, (*old, *theirs.values())), default=0)
    joined = join(edges, theirs, era=max(time.time_ns() // 1_000, latest + 1))
    roots = set(joined.roots.values())
    lost = {*old, *joined.lost} | (weeks.counting(store, definition.id, joined.roots.keys()) - roots)
    _foresee(store, definition, corrections, joined, roots, lost)
    moved = labels.keys_of(store, definition.id, joined.lost.keys())
    fresh = {key: joined.lost[label] for key, label in moved.items()} | dict(joined.roots)
    labels.write(store, definition.id, fresh.items())
    summarise(store, definition, corrections, roots, lost)


def summarise(
    store: Store,
    definition: Definition,
    corrections: Corrections,
    roots: Collection[bytes],
    gone: Collection[bytes] = (),
) -> None:
    """Fold the components of these labels from all their facts and write what they came to.

    A version is taken before facts and labels are read: whoever reads later has seen at least as much and wins. A label
    that another collector has joined to a smaller one meanwhile is written as gone.
    """
    ordered = sorted({*roots, *gone})
    for start in range(0, len(ordered), FOLD_CHUNK):
        chunk = ordered[start : start + FOLD_CHUNK]
        version = present(store)
        current = labels.labels_of(store, definition.id, {key_of(label) for label in chunk})
        alive = [label for label in chunk if current.get(key_of(label)) == label]
        facts = gather(store, definition.id, corrections, alive)
        instances = ((label, fold(definition, found, corrections)) for label, found in facts.items())
        rows.write_instances(store, definition, version, instances, (label for label in chunk if label not in facts))
