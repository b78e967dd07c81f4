"""What correlation reads of a milestone is what the table of milestones has."""

from __future__ import annotations

from dataclasses import fields

from collectors.correlation.correlator import Correlator
from collectors.correlation.keys import key_hash
from collectors.store.client import Store
from collectors.timelines import rows
from collectors.timelines.model import Key, Milestone
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import DEFINITION, started
from tests.collectors.spans import SpanData

STORES = ("chdb", "http", "cluster")
_TEXT = {"span_id": "lower(hex(span_id))", "trace_id": "lower(hex(trace_id))"}
_NANOS = ("occurred_at", "observed_at")
_SORTED = ("keys", "links", "dimensions")


def stored(store: Store) -> Milestone:
    """The only milestone, column by column."""
    names = [one.name for one in fields(Milestone)]
    columns = [
        f"toUnixTimestamp64Nano({name})" if name in _NANOS
        else f"arraySort({name})" if name in _SORTED
        else _TEXT.get(name, name)
        for name in names
    ]  # fmt: skip
    ((*values,),) = store.query(f"SELECT {', '.join(columns)} FROM milestones")
    given = dict(zip(names, values, strict=True))
    given |= {name: tuple(Key(*pair) for pair in given[name]) for name in ("keys", "links")}
    return Milestone(**given | {"dimensions": tuple(given["dimensions"])})


def test_a_fact_has_all_that_its_milestone_has(store: Store, insert: Insert, correlator: Correlator) -> None:
    started(correlator)
    attributes = {
        "billing.id": 'in "1"\\/\n',
        "invoice.number": "Ärger 🧾",
        "entity": "DE01",
        "amount": "12,50",
        "currency": "EUR",
        "error.type": "timeout",
    }
    insert([SpanData("invoice.finalized", 7, 2.5, attributes=attributes, error=True)])
    keys = [key_hash(Key("billing", attributes["billing.id"])), key_hash(Key("number", attributes["invoice.number"]))]
    ((anchor, milestone),) = rows.milestones_of(store, DEFINITION.id, keys)
    assert anchor == min(keys)
    assert milestone == stored(store)
    assert milestone.observed_at == stored(store).observed_at
    assert (milestone.error_type, milestone.amount) == ("timeout", "12,50")
    assert len(milestone.keys) == 2
