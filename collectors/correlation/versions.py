"""Versions of what is read: the store's time, but never less than before, so that what is read later wins.

The store's clock may be put back while we are at work, or while nobody is.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from collectors.correlation import feed
from collectors.store.client import Store

_LATEST: WeakKeyDictionary[Store, int] = WeakKeyDictionary()


def present(store: Store) -> int:
    """The version of what is read from now on: microseconds of the store's clock."""
    now = int(store.query("SELECT toUnixTimestamp64Micro(now64(6))")[0][0])
    _LATEST[store] = version = max(now, _LATEST.get(store, 0) + 1)
    return version


def resume(store: Store) -> None:
    """Begin behind what was written before the store's clock was put back, if it was."""
    latest = feed.ahead(store)
    if latest:
        _LATEST[store] = max(latest, _LATEST.get(store, 0))
