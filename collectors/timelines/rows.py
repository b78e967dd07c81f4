"""Milestones and instances as rows of the store: one place that knows their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from collectors.store.chunks import hex_chunks
from collectors.store.client import Store
from collectors.timelines import weeks
from collectors.timelines.model import Instance, Key, Milestone, Money
from collectors.workflows.definition import Definition

_MILESTONE = (
    "toUnixTimestamp64Nano(occurred_at), toString(step), lower(hex(span_id)), lower(hex(trace_id)), toString(system), "
    "toString(status), toString(source), arraySort(keys), arraySort(links), amount, toString(currency), arraySort(dimensions), toString(name), "
    "toString(service), message, duration, toString(error_type), toUnixTimestamp64Nano(observed_at), anchor"
)
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
    for chunk in hex_chunks(keys):
        rows = store.query(
            f"SELECT {_MILESTONE} FROM milestones WHERE definition = {{definition:String}} "
            "AND anchor IN (SELECT toFixedString(unhex(arrayJoin({keys:Array(String)})), 16))",
            {"definition": definition, "keys": chunk},
        )
        found += [(bytes(row[-1]), _milestone(row)) for row in rows]
    return found


def _milestone(row: Sequence[Any]) -> Milestone:
    at, step, span, trace, system, status, source, keys, links, amount, currency, *more = row
    dimensions, name, service, message, long, error_type, observed, _ = more
    return Milestone(
        occurred_at=at,
        step=step,
        span_id=span,
        trace_id=trace,
        system=system,
        status=status,
        source=source,
        keys=tuple(map(Key._make, keys)),
        links=tuple(map(Key._make, links)),
        amount=amount,
        currency=currency,
        dimensions=tuple(dimensions),
        name=name,
        service=service,
        message=message,
        duration=long,
        error_type=error_type,
        observed_at=observed,
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
        len(instance.milestones),
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
