"""Several collectors on one store, and clocks and answers that go astray."""

from __future__ import annotations

import time

import pytest

from collectors.correlation import correlator as module
from collectors.correlation import inserts, readings
from collectors.correlation.correlator import Correlator
from collectors.store.client import Store
from collectors.workflows import ledger
from collectors.workflows.definition import Definition
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import DEFINITION, KEYS, answers, invoice, started

STORES = ("chdb", "http")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.0)
    monkeypatch.setattr(module, "FOLLOW_SECONDS", 0.0)
    monkeypatch.setattr(ledger, "LEAVING_SECONDS", 0.0)


@pytest.mark.parametrize("ahead", [-3600, 3600])
def test_a_clock_that_differs_from_the_stores_loses_nothing(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    for name in (inserts, readings, module):
        monkeypatch.setattr(name, "micros", lambda: time.time_ns() // 1000 + ahead * 1_000_000)
    started(correlator)
    for ident in range(1, 4):
        ticket = correlator.inserting()
        insert([invoice(ident, "invoice.finalized", ident, billing_id=f"in_{ident}")])
        correlator.inserted(ticket)
        correlator.work()
    assert len(answers(store, correlator)) == 3
    assert correlator.lag_seconds == 0


def test_an_insert_whose_answer_was_lost_is_looked_for_later(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OVERLAP_SECONDS", 0)
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 1.0)
    correlator.define([DEFINITION])
    correlator.work()
    ticket = correlator.inserting()
    before = store.query("SELECT toString(now64(6))")[0][0]
    correlator.inserted(ticket, surely=False)
    time.sleep(0.01)
    correlator.work()
    # The store has been at it all the time: what it stamped at the beginning is visible only now.
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    store.command("CREATE TABLE late AS milestone_feed")
    store.command(
        f"INSERT INTO late SELECT * REPLACE (toDateTime64('{before}', 6, 'UTC') AS received_at) FROM milestone_feed"
    )
    store.command("TRUNCATE TABLE milestone_feed")
    store.command("INSERT INTO milestone_feed SELECT * FROM late")
    correlator.work()
    assert len(answers(store, correlator)) == 1
    time.sleep(1.1)
    correlator.work()
    assert correlator.lag_seconds == 0


def test_a_second_collector_follows_what_the_first_has_read(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    other = Correlator(store, name="other")
    other.resume()
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    started(correlator)
    other.work()
    assert other.active == {"invoice-to-cash": DEFINITION}
    assert answers(store, other) == answers(store, correlator)
    changed = Definition(workflow="invoice-to-cash", object="invoice", keys=KEYS, steps=DEFINITION.steps[:1])
    correlator.define([changed])
    correlator.work()
    # Its own request for the same comes late, and must not read history once more.
    other.define([changed])
    other.work()
    assert other.active == {"invoice-to-cash": changed}
    assert store.query("SELECT count() FROM milestones WHERE definition = {d:String}", {"d": changed.id}) == [(1,)]
    assert [(one.state, one.definition) for one in ledger.entries(store)] == [("active", changed)]


def test_a_collector_gives_up_a_reading_that_another_has_finished(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    other = Correlator(store, name="other")
    other.resume()
    other.define([DEFINITION])
    other._take_definitions()
    assert other.building
    started(correlator)
    other.work()
    assert not other.building
    assert other.active == {"invoice-to-cash": DEFINITION}
