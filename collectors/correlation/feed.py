"""The feed of new milestones: what correlation has still to look at, and how far it has come."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from collectors.store.client import Store

#: A query plan or a merge may delay an insert's visibility; no statement may run longer than this.
MARGIN_SECONDS = 300
#: A microsecond that is behind all others which the store can have.
NEVER = 9_000_000_000_000_000
# The first condition is part of the second, but of a comparison of pairs the index knows nothing: all would be read.
_AFTER = (
    "FROM milestone_feed WHERE received_at >= fromUnixTimestamp64Micro({at:Int64}, 'UTC') "
    "AND (received_at, fact) > (fromUnixTimestamp64Micro({at:Int64}, 'UTC'), {fact:UInt64}) "
    "AND received_at <= fromUnixTimestamp64Micro({until:Int64}, 'UTC') ORDER BY received_at, fact LIMIT {limit:UInt32}"
)


class Entry(NamedTuple):
    """A milestone that arrived: at which microsecond, the hash of its content, its keys' hashes."""

    received_at: int
    fact: int
    definition: str
    keys: tuple[bytes, ...]


class Present(NamedTuple):
    """The store's own clock, in microseconds, and whether others have been at work on the store in the last margin."""

    now: int
    others: bool


def present(store: Store, collector: str) -> Present:
    """What a collector has to know of the world outside."""
    ((now, others),) = store.query(
        "SELECT toUnixTimestamp64Micro(now64(6)), "
        "countIf(collector != {own:String} AND at > now64(6) - toIntervalSecond({margin:UInt32})) FROM correlation_progress",
        {"own": collector, "margin": MARGIN_SECONDS},
    )
    return Present(int(now), others > 0)


def read(store: Store, after: tuple[int, int], limit: int, until: int = NEVER) -> list[Entry]:
    """The entries after a place in the feed (microsecond, fact), in its order, of those received until a microsecond.

    One insert gives all its milestones the same microsecond, so the fact is part of the place.
    """
    rows = store.query(
        f"SELECT toUnixTimestamp64Micro(received_at) AS at, fact, toString(definition), keys {_AFTER}",
        {"at": after[0], "fact": after[1], "limit": limit, "until": until},
    )
    return [Entry(at, fact, definition, tuple(bytes(key) for key in keys)) for at, fact, definition, keys in rows]


def beyond(
    store: Store, after: tuple[int, int], done: Container[tuple[int, int]], limit: int, until: int = NEVER
) -> tuple[int, int]:
    """The place before the first entry that is not ``done``; what is read again to be sure costs little, without keys."""
    while True:
        rows = store.query(
            f"SELECT toUnixTimestamp64Micro(received_at) AS at, fact {_AFTER}",
            {"at": after[0], "fact": after[1], "limit": limit, "until": until},
        )
        for at, fact in rows:
            if (at, fact) not in done:
                return after
            after = (at, fact)
        if not rows:
            return after


def start_of(store: Store) -> int:
    """Where a collector that starts has to begin: a margin before what any collector had wholly dealt with.

    What was written down by a clock that was wrong by more than the margin, and has been put back since, does not count.
    """
    upto = store.query(
        "SELECT toUnixTimestamp64Micro(maxIf(upto, upto < now64(6) + toIntervalSecond({margin:UInt32}))) "
        "FROM correlation_progress",
        {"margin": MARGIN_SECONDS},
    )[0][0]
    return max(0, int(upto) - MARGIN_SECONDS * 1_000_000)


def ahead(store: Store) -> int:
    """A time behind all that collectors did while the store's clock was ahead of what it says now; 0 if it was not."""
    found = store.query(
        "SELECT toUnixTimestamp64Micro(max(upto)) FROM correlation_progress WHERE upto > now64(6) + toIntervalSecond(1)"
    )[0][0]
    return int(found) + MARGIN_SECONDS * 1_000_000 if found > 0 else 0


def waiting(store: Store) -> tuple[int, float]:
    """How many entries came after all that collectors say to have dealt with, and the oldest one's age in seconds."""
    count, age = store.query(
        "SELECT count(), if(count() = 0, 0, (now64(6) - min(received_at))::Float64) FROM milestone_feed "
        "WHERE received_at > (SELECT max(upto) FROM correlation_progress)"
    )[0]
    return int(count), float(age)


def record(store: Store, collector: str, upto: int) -> None:
    """Write down that a collector is at work, and that everything received before ``upto`` is dealt with."""
    store.command(
        "INSERT INTO correlation_progress (collector, upto, at) "
        "SELECT {collector:String}, fromUnixTimestamp64Micro({upto:Int64}, 'UTC'), now64(6)",
        {"collector": collector, "upto": upto},
    )
