"""The feed of new milestones: what correlation has still to look at, and how far it has come."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from collectors.store.client import Store

#: A query plan or a merge may delay an insert's visibility; no statement may run longer than this.
MARGIN_SECONDS = 300


class Entry(NamedTuple):
    """A milestone that arrived: at which microsecond, the hash of its content, its keys' hashes."""

    received_at: int
    fact: int
    definition: str
    keys: tuple[bytes, ...]


def now(store: Store) -> int:
    """The store's own clock, in microseconds."""
    return int(store.query("SELECT toUnixTimestamp64Micro(now64(6))")[0][0])


def read(store: Store, after: tuple[int, int], limit: int) -> list[Entry]:
    """The entries after a place in the feed (microsecond, fact), in its order.

    One insert gives all its milestones the same microsecond, so the fact is part of the place.
    """
    rows = store.query(
        "SELECT toUnixTimestamp64Micro(received_at) AS at, fact, toString(definition), keys FROM milestone_feed "
        "WHERE (received_at, fact) > (fromUnixTimestamp64Micro({at:Int64}, 'UTC'), {fact:UInt64}) "
        "ORDER BY received_at, fact LIMIT {limit:UInt32}",
        {"at": after[0], "fact": after[1], "limit": limit},
    )
    return [Entry(at, fact, definition, tuple(bytes(key) for key in keys)) for at, fact, definition, keys in rows]


def beyond(store: Store, after: tuple[int, int], done: Container[int], limit: int) -> tuple[int, int]:
    """The place before the first entry that is not ``done``; what is read again to be sure costs little, without keys."""
    while True:
        rows = store.query(
            "SELECT toUnixTimestamp64Micro(received_at) AS at, fact FROM milestone_feed "
            "WHERE (received_at, fact) > (fromUnixTimestamp64Micro({at:Int64}, 'UTC'), {fact:UInt64}) "
            "ORDER BY received_at, fact LIMIT {limit:UInt32}",
            {"at": after[0], "fact": after[1], "limit": limit},
        )
        for at, fact in rows:
            if fact not in done:
                return after
            after = (at, fact)
        if not rows:
            return after


def start_of(store: Store) -> int:
    """Where a collector that starts has to begin: a margin before what any collector had wholly dealt with."""
    upto = store.query("SELECT toUnixTimestamp64Micro(max(upto)) FROM correlation_progress")[0][0]
    return max(0, int(upto) - MARGIN_SECONDS * 1_000_000)


def waiting(store: Store) -> tuple[int, float]:
    """How many entries came after all that collectors say to have dealt with, and the oldest one's age in seconds."""
    count, age = store.query(
        "SELECT count(), if(count() = 0, 0, (now64(6) - min(received_at))::Float64) FROM milestone_feed "
        "WHERE received_at > (SELECT max(upto) FROM correlation_progress)"
    )[0]
    return int(count), float(age)


def record(store: Store, collector: str, upto: int) -> None:
    """Write down that everything received before ``upto`` is dealt with."""
    store.insert("correlation_progress", [[collector, upto]], ["collector", "upto"])


def others(store: Store, collector: str) -> Iterator[str]:
    """The other collectors that have been at work on this store in the last margin."""
    rows = store.query(
        "SELECT collector FROM correlation_progress WHERE collector != {own:String} "
        "GROUP BY collector HAVING max(upto) > now64(6) - toIntervalSecond({margin:UInt32})",
        {"own": collector, "margin": MARGIN_SECONDS},
    )
    return (str(row[0]) for row in rows)
