"""All milestones of a component, as corrections leave them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from collectors.correlation import labels
from collectors.correlation.corrections import Corrections
from collectors.correlation.keys import key_hash
from collectors.store.client import Store
from collectors.timelines import abridged, rows
from collectors.timelines.model import Milestone


def gather(
    store: Store, definition: str, corrections: Corrections, wanted: Collection[bytes]
) -> Mapping[bytes, Iterable[Milestone]]:
    """Label -> milestones, for those of the wanted labels that have any; each milestone with the keys that join.

    Of an instance with very many they are abridged: see :mod:`collectors.timelines.abridged`.
    """
    return gather_members(store, definition, corrections, labels.keys_of(store, definition, wanted))


def gather_members(
    store: Store, definition: str, corrections: Corrections, members: Mapping[bytes, bytes]
) -> Mapping[bytes, Iterable[Milestone]]:
    """The same by labels that keys have or are about to have: ``members`` maps a key's hash to its label."""
    if large := _large(store, corrections, members):
        short = {label: one for label, keys in large.items() if (one := abridged.read(store, definition, keys))}
        rest = {key: label for key, label in members.items() if label not in short}
        return {**_whole(store, definition, corrections, rest), **short}
    return _whole(store, definition, corrections, members)


#: Labels of which more milestones were read than a reader should hold, by the store that they are in; few, and for good.
_KNOWN: WeakKeyDictionary[Store, set[bytes]] = WeakKeyDictionary()


def _large(store: Store, corrections: Corrections, members: Mapping[bytes, bytes]) -> Mapping[bytes, Sequence[bytes]]:
    """Label -> its keys, where these are very many or the instance turned out to be large before.

    Not of those about whose keys people said that they stand apart: which events are theirs is decided one by one.
    """
    known = _KNOWN.get(store, set())
    counts = Counter(members.values())
    large = {label for label, count in counts.items() if count > abridged.MANY_KEYS or label in known}
    large -= {members[key] for key in corrections.concerned if key in members}
    keys: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for key, label in members.items() if large else ():
        if label in large:
            keys[label].append(key)
    return {label: sorted(found) for label, found in keys.items()}


def _whole(
    store: Store, definition: str, corrections: Corrections, members: Mapping[bytes, bytes]
) -> Mapping[bytes, list[Milestone]]:
    found: defaultdict[bytes, list[Milestone]] = defaultdict(list)
    for anchor, milestone in rows.milestones_of(store, definition, {*members, *corrections.beside(members)}):
        if not corrections.dropped:
            found[members[anchor]].append(milestone)
            continue
        by_hash = {key_hash(key): key for key in milestone.keys}
        kept = corrections.joining(tuple(by_hash))
        if kept[0] in members:
            found[members[kept[0]]].append(replace(milestone, keys=tuple(sorted(by_hash[key] for key in kept))))
    if large := {label for label, facts in found.items() if len(facts) > abridged.BOUND}:
        _KNOWN.setdefault(store, set()).update(large)
    return found
