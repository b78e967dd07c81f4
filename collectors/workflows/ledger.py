"""The readings of workflows that the store holds: which one answers, which one is being built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from collectors.store.client import Store
from collectors.workflows.definition import Definition
from collectors.workflows.matching import COLUMNS, quote, span_milestones

State = Literal["building", "active", "retired"]
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
    """A definition and what it is good for at present."""

    definition: Definition
    state: State


def entries(store: Store) -> list[Entry]:
    """All readings that are building or active."""
    rows = store.query(
        "SELECT toString(state), content FROM definitions FINAL WHERE state != 'retired' ORDER BY workflow, definition"
    )
    return [Entry(_definition(content), state) for state, content in rows]


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


def weeks(store: Store) -> list[str]:
    """The Mondays of the weeks that have spans, newest first: the portions of :func:`read_week`."""
    parts, of_spans = store.parts("spans")
    rows = store.query(f"SELECT DISTINCT partition FROM {parts} WHERE active AND {of_spans}")
    return sorted((str(row[0]).strip("'") for row in rows), reverse=True)


def read_week(store: Store, definition: Definition, monday: str) -> None:
    """Read the stored spans of one week; milestones that arrived by the view as well are the same facts again."""
    select = span_milestones(definition, f"toMonday(ts) = {quote(monday)}")
    if select is not None:
        store.command(f"INSERT INTO milestones ({COLUMNS}) {select}")


def retire(store: Store, old: Iterable[Definition]) -> None:
    """Drop readings that no longer answer, with all their rows; spans stay."""
    for definition in old:
        store.define(f"DROP VIEW IF EXISTS {_view(definition)} SYNC")
        record(store, definition, "retired")
        for table in _TABLES:
            store.define(f"ALTER TABLE {table} DROP PARTITION {quote(definition.id)}")


def _view(definition: Definition) -> str:
    return f"milestones_from_spans_{definition.id}"
