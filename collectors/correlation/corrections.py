"""What people put right about which ids belong together: pure values that every join respects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collectors.correlation.keys import key_hash
from collectors.timelines.model import Key

_NONE: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Corrections:
    """Keys that are one object though no event says so, and keys that are not though an event does.

    ``same`` are pairs. ``apart`` maps a key to those that do not count beside it: an event that names both is the
    first one's alone.
    """

    same: frozenset[tuple[Key, Key]] = frozenset()
    apart: frozenset[tuple[Key, Key]] = frozenset()
    edges: tuple[tuple[bytes, bytes], ...] = field(init=False)
    dropped: Mapping[bytes, frozenset[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        """Hash the keys once."""
        edges = sorted((key_hash(one), key_hash(other)) for one, other in self.same)
        dropped: dict[bytes, frozenset[bytes]] = {}
        for keep, drop in self.apart:
            dropped[key_hash(keep)] = dropped.get(key_hash(keep), _NONE) | {key_hash(drop)}
        object.__setattr__(self, "edges", tuple(edges))
        object.__setattr__(self, "dropped", dropped)

    def joining(self, edge: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Those of an event's keys that join; at least one always does."""
        if not self.dropped:
            return edge
        out: frozenset[bytes] = frozenset().union(*(self.dropped.get(key, _NONE) for key in edge))
        return tuple(key for key in edge if key not in out) or (min(edge),)

    def beside(self, keys: Iterable[bytes]) -> set[bytes]:
        """Keys under which an event of these keys may be stored although it is not joined to them."""
        return set().union(*(self.dropped.get(key, _NONE) for key in keys)) if self.dropped else set()

    def touched(self, before: Corrections) -> set[bytes]:
        """The keys whose joins may differ from what they were under other corrections."""
        pairs = (self.same ^ before.same) | (self.apart ^ before.apart)
        return {key_hash(key) for pair in pairs for key in pair}


NOTHING = Corrections()
