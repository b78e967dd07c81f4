"""Clocks that are put back or forward, the store's and ours: nothing is lost, and what is read later wins."""

from __future__ import annotations

import time

import pytest

from collectors.correlation import correlator as module
from collectors.correlation import feed, place, versions
from collectors.correlation.correlator import Correlator
from collectors.correlation.feed import Entry
from collectors.correlation.inserts import Inserts, micros
from collectors.correlation.place import Place
from collectors.store.client import Store
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import answers, invoice, started

MINUTE = 60_000_000


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.0)
    monkeypatch.setattr(place, "OVERLAP_SECONDS", 0)


def test_what_arrives_after_the_stores_clock_was_put_back_is_joined(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = feed.present
    with monkeypatch.context() as ahead:
        ahead.setattr(feed, "present", lambda *given: plain(*given)._replace(now=plain(*given).now + 10 * MINUTE))
        started(correlator)
        name = correlator.name
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    correlator.work()
    assert [len(one.milestones) for one in answers(store, correlator)] == [1]
    assert correlator.name != name, "what it wrote down by the wrong clock must not hide what it writes from now on"
    insert([invoice(2, "invoice.paid", 1, billing_id="in_1")])
    correlator.work()
    assert [len(one.milestones) for one in answers(store, correlator)] == [2]


def test_an_instance_changes_although_it_was_last_written_by_a_clock_that_was_ahead(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    started(correlator)
    ahead = feed.present(store, "").now + 10 * MINUTE
    versions._LATEST[store] = ahead
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    correlator.work()
    insert([invoice(2, "invoice.posted", 2, billing_id="in_1")])
    correlator.work()
    feed.record(store, "another", ahead)
    del versions._LATEST[store]
    again = Correlator(store)
    again.resume()
    insert([invoice(3, "invoice.paid", 3, billing_id="in_1")])
    again.work()
    assert [(one.state, len(one.milestones)) for one in answers(store, again)] == [("completed", 3)]


def test_what_was_written_down_by_a_clock_that_was_ahead_is_no_place_to_start_from(store: Store) -> None:
    now = feed.present(store, "").now
    feed.record(store, "one", now)
    feed.record(store, "two", now + 60 * MINUTE)
    assert feed.start_of(store) == now - feed.MARGIN_SECONDS * place.MICROSECONDS


def test_a_collector_is_known_before_it_writes_anything(store: Store, correlator: Correlator) -> None:
    assert not feed.present(store, correlator.name).others
    Correlator(store, name="other").resume()
    assert feed.present(store, correlator.name).others


def test_an_insert_counts_from_when_it_began_although_our_clock_was_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    inserts = Inserts()
    ticket = inserts.begin()
    back = time.time_ns() - 600 * 1_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: back)
    assert inserts.low_water() <= micros()
    inserts.end(ticket)


def test_when_the_stores_clock_is_put_forward_we_stay_until_what_it_stamped_before_shows() -> None:
    here = Place()
    here.begin(1_000)
    assert here.synchronise(ours=0, stores=5_000, hold=0) == 0
    here.remember([Entry(5_000, 7, "", ())], 5_000)
    assert here.reached(5_000, ours=10) == 5_000
    assert here.synchronise(ours=20, stores=10 * MINUTE, hold=100) == 0
    assert here.reached(10 * MINUTE, ours=20) == 5_000
    assert here.done == {(5_000, 7)}
    assert here.reached(10 * MINUTE, ours=120) == 10 * MINUTE


def test_what_was_dealt_with_since_the_last_mark_but_one_is_looked_at_again() -> None:
    here = Place()
    here.begin(0)
    for upto in (100, 200, 300):
        here.reached(upto, ours=0)
        here.mark(again=False, before=0)
    here.reached(400, ours=0)
    here.mark(again=True, before=1_000)
    assert here.cursor == 200
