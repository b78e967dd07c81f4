"""What people put right about which ids belong together: pure values that every join respects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from collectors.correlation.keys import key_hash
from collectors.timelines.model import Key

_NONE: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Corrections:
    """Keys that are one object though no event says so, and keys that are not though an event does.

    ``same`` are pairs. ``apart`` maps a key to those that do not count beside it: an event that names both is the
    first one's alone. What is said of an id is said of all that are the same as it. ``dropped`` has no circles: of pairs
    that contradict one another only the first in the order of hashes count.
    """

    same: frozenset[tuple[Key, Key]] = frozenset()
    apart: frozenset[tuple[Key, Key]] = frozenset()
    edges: tuple[tuple[bytes, bytes], ...] = field(init=False)
    dropped: Mapping[bytes, frozenset[bytes]] = field(init=False)
    concerned: frozenset[bytes] = field(init=False)
    groups: Mapping[Key, frozenset[Key]] = field(init=False)

    def __post_init__(self) -> None:
        """Hash the keys once."""
        groups = _groups(self.same)
        dropped: dict[bytes, frozenset[bytes]] = {}
        for _, keep, drop in sorted((key_hash(keep), keep, drop) for keep, drop in self.apart):
            own, others = ({key_hash(key) for key in groups.get(one, {one})} for one in (keep, drop))
            if not own & _reach(dropped, others):
                dropped |= {key: dropped.get(key, _NONE) | others for key in own}
        object.__setattr__(self, "edges", tuple(sorted((key_hash(one), key_hash(other)) for one, other in self.same)))
        object.__setattr__(self, "dropped", dropped)
        object.__setattr__(self, "concerned", _NONE.union(dropped, *dropped.values()))
        object.__setattr__(self, "groups", groups)

    def joining(self, edge: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Those of an event's keys that join; at least one always does, since ``dropped`` has no circles."""
        if not self.dropped:
            return edge
        out: frozenset[bytes] = frozenset().union(*(self.dropped.get(key, _NONE) for key in edge))
        return tuple(key for key in edge if key not in out)

    def beside(self, keys: Iterable[bytes]) -> set[bytes]:
        """Keys under which an event of these keys may be stored although it is not joined to them."""
        return _reach(self.dropped, {key for key in keys if key in self.dropped}) if self.dropped else set()

    def keepers(self, keys: Iterable[bytes]) -> set[bytes]:
        """The other way round: keys of which events may be stored under these keys."""
        found, waiting = set[bytes](), set(keys)
        while waiting:
            waiting = {keep for keep, dropped in self.dropped.items() if dropped & waiting} - found
            found |= waiting
        return found

    def known_as(self, keys: Collection[Key]) -> set[Key]:
        """These keys and those that are the same by what people said."""
        return set(keys).union(*(self.groups.get(key, ()) for key in keys)) if self.groups else set(keys)

    def touched(self, before: Corrections) -> set[bytes]:
        """The keys whose joins may differ from what they were under other corrections."""
        keys = {key_hash(key) for pair in self.same ^ before.same for key in pair}
        for keep in {*self.dropped, *before.dropped}:
            if changed := self.dropped.get(keep, _NONE) ^ before.dropped.get(keep, _NONE):
                keys |= {keep, *changed}
        return keys


def _groups(same: Iterable[tuple[Key, Key]]) -> dict[Key, frozenset[Key]]:
    """Key -> all keys that are the same as it, itself among them; those of which nothing is said are left out."""
    groups: dict[Key, frozenset[Key]] = {}
    for one, other in same:
        merged = groups.get(one, frozenset({one})) | groups.get(other, frozenset({other}))
        groups |= dict.fromkeys(merged, merged)
    return groups


def _reach(dropped: Mapping[bytes, frozenset[bytes]], keys: set[bytes]) -> set[bytes]:
    """The keys, and all that stand apart from them, directly or through others."""
    found, waiting = set(keys), set(keys)
    while waiting:
        waiting = set().union(*(dropped.get(key, _NONE) for key in waiting)) - found
        found |= waiting
    return found


NOTHING = Corrections()
