"""By which ids two ids are one object: the way from one to the other over events that name two, and what people said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from collectors.correlation import labels
from collectors.correlation.keys import key_hash
from collectors.timelines.model import Key
from collectors.timelines.reading import Timelines

Pair = tuple[Key, Key]


def chains(timelines: Timelines, workflow: str, pairs: Collection[Pair]) -> dict[Pair, tuple[Key, ...]]:
    """Pair -> the shortest chain of ids from its first to its second, for those pairs that are one object at present.

    The chain has the two alone where that way is not among the milestones of a very long instance that are at hand.
    """
    definition = timelines.active().get(workflow)
    if definition is None:
        return {}
    known = labels.labels_of(timelines.store, definition.id, {key_hash(key) for pair in pairs for key in pair})
    found: dict[Pair, tuple[Key, ...]] = {}
    for one, other in pairs:
        label = known.get(key_hash(one))
        if label is None or label != known.get(key_hash(other)):
            continue
        instance = timelines.find(workflow, one)
        beside = [fact.keys for fact in instance.milestones] if instance else []
        found[one, other] = chain([*beside, *timelines.corrections(workflow).same], one, other) or (one, other)
    return found


def chain(edges: Iterable[Collection[Key]], one: Key, other: Key) -> tuple[Key, ...]:
    """The shortest way from one key to another over edges that hold several; of equally short ones the first by name."""
    beside: defaultdict[Key, set[Key]] = defaultdict(set)
    for edge in edges:
        for key in edge:
            beside[key].update(edge)
    came: dict[Key, Key] = {one: one}
    waiting = [one]
    while waiting and other not in came:
        fresh: list[Key] = []
        for key in waiting:
            for nxt in sorted(beside[key] - came.keys()):
                came[nxt] = key
                fresh.append(nxt)
        waiting = fresh
    if other not in came:
        return ()
    way = [other]
    while way[-1] != one:
        way.append(came[way[-1]])
    return tuple(reversed(way))
