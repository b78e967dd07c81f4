"""All milestones of a component, as corrections leave them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from collectors.correlation import labels
from collectors.correlation.corrections import Corrections
from collectors.correlation.keys import key_hash
from collectors.store.client import Store
from collectors.timelines import rows
from collectors.timelines.model import Milestone


def gather(
    store: Store, definition: str, corrections: Corrections, wanted: Collection[bytes]
) -> Mapping[bytes, list[Milestone]]:
    """Label -> milestones, for those of the wanted labels that have any; each milestone with the keys that join."""
    return gather_members(store, definition, corrections, labels.keys_of(store, definition, wanted))


def gather_members(
    store: Store, definition: str, corrections: Corrections, members: Mapping[bytes, bytes]
) -> Mapping[bytes, list[Milestone]]:
    """The same by labels that keys have or are about to have: ``members`` maps a key's hash to its label."""
    found: defaultdict[bytes, list[Milestone]] = defaultdict(list)
    for anchor, milestone in rows.milestones_of(store, definition, {*members, *corrections.beside(members)}):
        if not corrections.dropped:
            found[members[anchor]].append(milestone)
            continue
        by_hash = {key_hash(key): key for key in milestone.keys}
        kept = corrections.joining(tuple(by_hash))
        if kept[0] in members:
            found[members[kept[0]]].append(replace(milestone, keys=tuple(sorted(by_hash[key] for key in kept))))
    return found
