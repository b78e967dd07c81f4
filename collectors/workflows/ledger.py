"""The readings of workflows that the store holds: which one answers, which one is being built, which one leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from collectors.store.client import Store, StoreUnavailable
from collectors.workflows.definition import Definition
from collectors.workflows.matching import COLUMNS, quote, span_milestones

#: A reading that leaves has answered until another took its place, or until its workflow was taken away.
State = Literal["building", "active", "leaving", "retired"]
#: How long a reading that leaves stays whole. Requests that began with it end with it, and other servers, which look for
#: what was read every few seconds, go over to the new one before.
LEAVING_SECONDS = 60.0
#: Several collectors look at all of them every few seconds, and they hardly ever change.
_definition = lru_cache(maxsize=10_000)(Definition.from_json)
#: Tables that hold a reading's rows in a partition of its own.
_TABLES = (
    "milestones",
    "facts",
    "key_values",
    "key_labels",
    "label_keys",
    "link_values",
    "instances_by_week",
    "instance_weeks",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition and what it is good for at present, since so many seconds."""

    definition: Definition
    state: State
    seconds: float


def entries(store: Store) -> list[Entry]:
    """All readings but those that are retired; of one workflow and state the one that came into it last is the last."""
    rows = store.query(
        "SELECT toString(state), content, (now64(6) - at)::Float64 FROM definitions FINAL WHERE state != 'retired' "
        "ORDER BY workflow, at, definition"
    )
    return [Entry(_definition(content), state, seconds) for state, content, seconds in rows]


def gone(store: Store, definition: Definition) -> bool:
    """Whether the rows of a reading were dropped."""
    rows = store.query(
        "SELECT toString(state) FROM definitions FINAL WHERE workflow = {workflow:String} AND definition = {definition:String}",
        {"workflow": definition.workflow, "definition": definition.id},
    )
    return [state for (state,) in rows] == ["retired"]


def check(store: Store, definition: Definition) -> None:
    """Raise ``StoreUnavailable`` if the rows of a reading were dropped, so that what was read of it may not be all."""
    if gone(store, definition):
        raise StoreUnavailable(
            f"workflow {definition.workflow} has changed and what it was read by until then is gone; ask again"
        )


def record(store: Store, definition: Definition, state: State) -> None:
    """Write down a reading's state."""
    store.insert(
        "definitions",
        [[definition.workflow, definition.id, state, definition.to_json()]],
        ["workflow", "definition", "state", "content"],
    )


def begin(store: Store, definition: Definition) -> None:
    """Let the reading see every span that arrives from now on."""
    record(store, definition, "building")
    select = span_milestones(definition)
    if select is not None:
        store.define(f"CREATE MATERIALIZED VIEW IF NOT EXISTS {_view(definition)} TO milestones AS {select}")


def answer(store: Store, definition: Definition) -> list[Definition]:
    """Let the reading answer; whatever answered for its workflow before leaves, and is returned."""
    record(store, definition, "active")
    before = [
        entry.definition
        for entry in entries(store)
        if entry.state == "active"
        and entry.definition.workflow == definition.workflow
        and entry.definition.id != definition.id
    ]
    for one in before:
        record(store, one, "leaving")
    return before


def weeks(store: Store) -> dict[str, int]:
    """The Mondays of the weeks that have spans, newest first, and how many: the portions of :func:`read_week`."""
    parts, of_spans = store.parts("spans")
    rows = store.query(f"SELECT partition, sum(rows) FROM {parts} WHERE active AND {of_spans} GROUP BY partition")
    return dict(sorted(((str(monday).strip("'"), int(spans)) for monday, spans in rows), reverse=True))


def read_week(store: Store, definition: Definition, monday: str) -> None:
    """Read the stored spans of one week; milestones that arrived by the view as well are the same facts again."""
    select = span_milestones(definition, f"toMonday(ts) = {quote(monday)}")
    if select is not None:
        store.command(f"INSERT INTO milestones ({COLUMNS}) {select}")


def retire(store: Store, old: Iterable[Definition]) -> None:
    """Drop readings that no longer answer, with all their rows; spans stay. If it is broken off it is due again."""
    for definition in old:
        store.define(f"DROP VIEW IF EXISTS {_view(definition)} SYNC")
        clear(store, definition)
        record(store, definition, "retired")


def clear(store: Store, definition: Definition) -> None:
    """Drop all rows of a reading."""
    for table in _TABLES:
        store.define(f"ALTER TABLE {table} DROP PARTITION {quote(definition.id)}")


def _view(definition: Definition) -> str:
    return f"milestones_from_spans_{definition.id}"
