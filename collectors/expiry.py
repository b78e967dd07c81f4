"""Letting go of what is over: instances by when they ended, spans by whether an instance still needs them.

A workflow lives for weeks, so an age of spans says nothing. What is removed are the instances that ended before a time,
with their milestones and keys; then the spans before that time whose trace no remaining milestone came from. An instance
that is still running keeps all of its history, however old. An event that comes for an instance that was removed begins a
new one.

Every statement can be repeated, and the summaries, by which the others know what ended, go last; so a run that broke off
is finished by the next.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from collectors.correlation.components import ERA_BYTES, KEY_BYTES
from collectors.correlation.keys import KEY_HASH_SQL
from collectors.store.client import Store
from collectors.workflows import ledger
from collectors.workflows.matching import quote

#: A mutation is waited for, on every replica of a cluster too, and may ask other tables what to remove.
_MUTATION = {"mutations_sync": 2, "allow_nondeterministic_mutations": 1, "distributed_ddl_task_timeout": 3_600}
_WEEK = "INTERVAL 7 DAY"


@dataclass(frozen=True, slots=True)
class Expired:
    """How many instances and (stored, repeated ones too) spans are over."""

    instances: int
    spans: int


def expired(store: Store, before: int) -> Expired:
    """What :func:`expire` would remove; ``before`` is nanoseconds."""
    instances = sum(
        int(store.query(f"SELECT count() FROM ({_over(definition, before)})")[0][0]) for definition in _readings(store)
    )
    over = " OR ".join(
        f"(definition = {quote(definition)} AND anchor IN ({_keys(definition, before)}))"
        for definition in _readings(store)
    )
    kept = f"SELECT trace_id FROM milestones WHERE NOT ({over or 0})"
    spans = sum(_count(store, monday, kept) for monday in _weeks(store, before))
    return Expired(instances, spans)


def expire(store: Store, before: int, still: Callable[[], AbstractContextManager[object]] = nullcontext) -> Expired:
    """Remove what is over; ``before`` is nanoseconds. A store of its own with a long time-out is best.

    ``still`` holds off the correlation of this process while a reading's instances are removed: a round that had read
    them before would write them again after.

    Raises:
        StoreError: the store can't be asked or refuses; what was done stays done.
    """
    instances = 0
    for definition in _readings(store):
        over = int(store.query(f"SELECT count() FROM ({_over(definition, before)})")[0][0])
        if over:
            instances += over
            with still():
                _forget(store, definition, before)
    spans = 0
    for monday in _weeks(store, before):
        over = _count(store, monday, "SELECT trace_id FROM milestones")
        if over:
            spans += over
            for table in ("span_links", "spans"):
                unneeded = "trace_id NOT IN (SELECT trace_id FROM milestones)"
                _remove(store, table, f"toMonday(ts) = {quote(monday)} AND {unneeded}")
    if spans:
        unneeded = "trace NOT IN (SELECT xxHash32(trace_id) FROM milestones)"
        _remove(store, "trace_hours", f"hour < {_time(before)} - {_WEEK} AND {unneeded}")
    return Expired(instances, spans)


def _forget(store: Store, definition: str, before: int) -> None:
    """Remove a reading's instances that are over, and what is left of those that became part of them.

    Which they are, and their keys, is copied first: each statement would have to ask the very rows that go.
    """
    mine, run = f"definition = {quote(definition)}", quote(f"over-{definition}-{secrets.token_hex(8)}")
    copied = f"FROM facts_by_label WHERE reading = {run}"
    labels = f"SELECT label {copied}"
    keys = f"SELECT toFixedString(unhex(fact), {KEY_BYTES}) {copied}"
    made = f"toFixedString(substring(label, {ERA_BYTES + 1}), {KEY_BYTES})"
    hashed = KEY_HASH_SQL.replace("k.1", "type").replace("k.2", "value")
    copy = f"INSERT INTO facts_by_label (reading, label, fact) SELECT {run}, label, hex"
    try:
        store.command(f"{copy}({made}) FROM ({_over(definition, before)})")
        store.command(f"{copy}(key) FROM label_keys WHERE {mine} AND label IN ({labels})")
        _remove(store, "key_values", f"{mine} AND ({hashed}) IN ({keys})")
        for table in ("milestones", "facts", "link_values"):
            _remove(store, table, f"{mine} AND anchor IN ({keys})")
        _remove(store, "key_labels", f"{mine} AND key IN ({keys})")
        # A key goes with all labels that it ever had, and a label with the key that it was made of: both may come again.
        _remove(store, "label_keys", f"{mine} AND (label IN ({labels}) OR key IN ({keys}))")
        _remove(store, "instance_weeks", f"{mine} AND (label IN ({labels}) OR {made} IN ({keys}))")
        _remove(store, "instances_by_week", f"{mine} AND (label IN ({labels}) OR {made} IN ({keys}))")
    finally:
        store.define(f"ALTER TABLE facts_by_label DROP PARTITION {run}")


def _readings(store: Store) -> list[str]:
    return [entry.definition.id for entry in ledger.entries(store)]


def _over(definition: str, before: int) -> str:
    """The labels of the instances that ended before a time and were quiet since."""
    return (
        f"SELECT label FROM instances_by_week FINAL WHERE definition = {quote(definition)} AND gone = 0 "
        f"AND state != 'running' AND last_at < {_time(before)}"
    )


def _keys(definition: str, before: int) -> str:
    """The keys of those instances.

    GLOBAL says for a cluster what our session's settings say elsewhere: a server that runs a mutation has its own settings,
    and refuses a question over all shards within another.
    """
    return f"SELECT key FROM label_keys WHERE definition = {quote(definition)} AND label GLOBAL IN ({_over(definition, before)})"


def _weeks(store: Store, before: int) -> Iterator[str]:
    """The Mondays of the weeks that were over before a time."""
    edge = str(store.query(f"SELECT toString(toMonday({_time(before)}))")[0][0])
    return (monday for monday in ledger.weeks(store) if monday < edge)


def _count(store: Store, monday: str, kept: str) -> int:
    sql = f"SELECT count() FROM spans WHERE toMonday(ts) = {quote(monday)} AND trace_id NOT IN ({kept})"
    return int(store.query(sql)[0][0])


def _remove(store: Store, table: str, condition: str) -> None:
    store.define(f"ALTER TABLE {table} DELETE WHERE {condition}", settings=_MUTATION)


def _time(nanoseconds: int) -> str:
    return f"fromUnixTimestamp64Nano({nanoseconds}, 'UTC')"
