"""Milestones and instances as rows of the store: one place that knows their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import orjson

from collectors.store.chunks import hash_chunks, hashes_in
from collectors.store.client import Store
from collectors.timelines import weeks
from collectors.timelines.model import Instance, Key, Milestone, Money
from collectors.workflows.definition import Definition

_ANCHORS = hashes_in("anchors", 16)
_INSTANCE_COLUMNS = (
    "definition", "week", "label", "id", "version", "gone", "state", "started_at", "ended_at", "last_at",
    "amount", "currency", "dimensions", "keys", "links", "reached", "milestones", "errors",
    "error_types", "unread_amounts",
)  # fmt: skip
_PLACE = ("definition", "label", "week")
_NO_ID = bytes(16)
#: The columns behind ``gone`` of a row that only says so.
_NOTHING: tuple[Any, ...] = ("running", 0, None, 0, None, "", {}, [], [], {}, 0, 0, [], 0)
#: The columns of an instance as :func:`instance` takes them.
INSTANCE = (
    "lower(hex(id)), toString(state), toUnixTimestamp64Nano(started_at), "
    "if(isNull(ended_at), NULL, toUnixTimestamp64Nano(assumeNotNull(ended_at))), toUnixTimestamp64Nano(last_at), "
    "amount, toString(currency), dimensions, keys, mapApply((k, v) -> (k, toUnixTimestamp64Nano(v)), reached), errors, links, "
    "error_types, unread_amounts"
)


def milestones_of(store: Store, definition: str, keys: Collection[bytes]) -> list[tuple[bytes, Milestone]]:
    """(anchor, milestone) of all milestones whose anchor is among the keys; repeated deliveries come as they are."""
    found: list[tuple[bytes, Milestone]] = []
    for chunk in hash_chunks(keys):
        rows = store.query(
            f"SELECT anchor, fact FROM facts WHERE definition = {{definition:String}} AND anchor IN {_ANCHORS}",
            {"definition": definition, "anchors": chunk},
        )
        found += [(bytes(anchor), milestone(fact)) for anchor, fact in rows]
    return found


def milestone(fact: str) -> Milestone:
    """The milestone that a text of ``facts`` is; its values are in the order of the dataclass's fields."""
    at, step, span, trace, system, status, source, keys, links, amount, currency, dimensions, *more = orjson.loads(fact)
    name, service, message, long, error_type, observed = more
    return Milestone(
        int(at),
        step,
        span,
        trace,
        system,
        status,
        source,
        tuple(map(Key._make, keys)),
        tuple(map(Key._make, links)),
        amount,
        currency,
        tuple(map(tuple, dimensions)),
        name,
        service,
        message,
        int(long),
        error_type,
        int(observed),
    )


def write_instances(
    store: Store, definition: Definition, version: int, found: Iterable[tuple[bytes, Instance]], gone: Iterable[bytes]
) -> None:
    """Write what instances, each with its label, came to when their facts were read at ``version``.

    The version is microseconds of the store's clock. ``gone`` are labels that became part of another instance.
    """
    rows = [_row(definition, label, version, instance) for label, instance in found]
    rows += [_gone(definition, weeks.GONE, label, version) for label in gone]
    if not rows:
        return
    # First where the rows will be: after a kill between the two, nobody may overlook a row that is there.
    places = [[row[_INSTANCE_COLUMNS.index(name)] for name in _PLACE] for row in rows]
    store.insert("instance_weeks", places, _PLACE)
    # In one insert with the rows that take the place of others, so that no list has both or neither.
    week_of = {label: week for _, label, week in places}
    rows += [
        _gone(definition, week, label, version)
        for label, week in weeks.places(store, definition.id, week_of)
        if week not in {week_of[label], weeks.GONE}
    ]
    store.insert("instances_by_week", rows, _INSTANCE_COLUMNS)
    labels = week_of.keys()
    moved = [_gone(definition, one.week, one.label, one.version) for one in weeks.stale(store, definition.id, labels)]
    if moved:
        store.insert("instances_by_week", moved, _INSTANCE_COLUMNS)


def _gone(definition: Definition, week: date, label: bytes, version: int) -> list[Any]:
    return [definition.id, week, label, _NO_ID, version, 1, *_NOTHING]


def _row(definition: Definition, label: bytes, version: int, instance: Instance) -> list[Any]:
    amount = instance.amount
    return [
        definition.id,
        weeks.week_of(instance.started_at),
        label,
        bytes.fromhex(instance.id),
        version,
        0,
        instance.state,
        instance.started_at,
        instance.ended_at,
        instance.last_at,
        amount.value if amount else None,
        amount.currency if amount else "",
        dict(instance.dimensions),
        [tuple(key) for key in instance.keys],
        [tuple(link) for link in instance.links],
        dict(instance.reached),
        instance.total,
        instance.errors,
        list(instance.error_types),
        instance.unread_amounts,
    ]


def instance(workflow: str, row: Sequence[Any]) -> Instance:
    """An instance without its milestones, from the columns named in :data:`INSTANCE`."""
    ident, state, started_at, ended_at, last_at, amount, currency, dimensions, keys, reached, errors, links, *more = row
    error_types, unread_amounts = more
    return Instance(
        id=ident,
        workflow=workflow,
        state=state,
        started_at=started_at,
        ended_at=ended_at,
        last_at=last_at,
        amount=None if amount is None else Money(amount, currency),
        dimensions=dict(sorted(dimensions.items())),
        keys=tuple(Key(*key) for key in keys),
        reached=dict(sorted(reached.items())),
        errors=errors,
        links=tuple(Key(*link) for link in links),
        error_types=tuple(error_types),
        unread_amounts=unread_amounts,
    )
