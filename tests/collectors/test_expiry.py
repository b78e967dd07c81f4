"""What is over is let go, and nothing that anyone still needs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from collectors.correlation import correlator as module
from collectors.correlation import round as correlation
from collectors.correlation.correlator import Correlator
from collectors.expiry import Expired, expire, expired
from collectors.store.client import Store
from collectors.timelines.filtering import Filter
from collectors.timelines.model import Key
from collectors.timelines.reading import Timelines
from collectors.timelines.traces import read_trace
from collectors.workflows.definition import Definition, Match, Step
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData

STORES = ("chdb", "http", "cluster")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inserts here end before anyone waits for them."""
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.0)


DAY = 86_400
BEFORE = T0 + 100 * DAY * SECOND
DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("billing", "billing.id"), ("number", "invoice.number")),
    links=(("customer", "customer.id"),),
    steps=(
        Step("finalized", "billing", Match(span="finalized")),
        Step("paid", "billing", Match(span="paid")),
        Step("voided", "billing", Match(span="voided")),
    ),
    completes=frozenset({"paid"}),
    cancels=frozenset({"voided"}),
)


def span(name: str, ident: int, day: float, invoice: str, **more: object) -> SpanData:
    attributes = {"billing.id": f"in_{invoice}", "invoice.number": f"INV-{invoice}", "customer.id": "c1", **more}
    return SpanData(name, ident, day * DAY, 1, attributes, trace=ident)


HISTORY = [
    span("finalized", 1, 0, "old"),
    span("paid", 2, 10, "old"),
    span("finalized", 3, 0, "voided"),
    span("voided", 4, 1, "voided"),
    span("finalized", 5, 0, "running"),
    span("finalized", 6, 0, "slow"),
    span("paid", 7, 150, "slow"),
    span("finalized", 8, 140, "new"),
    SpanData("GET /health", 9, 0, trace=9),
    SpanData("GET /health", 10, 150 * DAY, trace=10),
    # Beside the step in the trace of an instance that still runs: it shows what happened then.
    SpanData("SELECT invoices", 11, 0, trace=5),
]


def followed(correlator: Correlator) -> Timelines:
    return Timelines(correlator.store, lambda: correlator.active, correlator.corrections)


def test_what_ended_goes_with_its_spans_and_what_runs_keeps_its_history(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    correlator.define([DEFINITION])
    insert(HISTORY)
    correlator.work()
    timelines = followed(correlator)
    running = timelines.find("invoice-to-cash", Key("billing", "in_running"))

    assert expired(store, BEFORE) == expire(store, BEFORE) == Expired(instances=2, spans=5)

    found = {key.value for one in timelines.page("invoice-to-cash", Filter()).items for key in one.keys}
    assert found == {"in_running", "INV-running", "in_slow", "INV-slow", "in_new", "INV-new"}
    assert timelines.find("invoice-to-cash", Key("billing", "in_old")) is None
    assert timelines.find("invoice-to-cash", Key("number", "INV-voided")) is None
    assert timelines.search("in_old") == []
    assert timelines.find("invoice-to-cash", Key("billing", "in_running")) == running
    left = [read_trace(store, f"{trace:032x}") for trace in (1, 2, 5, 6, 9, 10)]
    assert [one.total if one else 0 for one in left] == [0, 0, 2, 1, 0, 1]
    for table, column, kept in (
        ("milestones", "anchor", 3), ("link_values", "anchor", 3), ("key_values", "value", 6), ("key_labels", "key", 6),
        ("label_keys", "key", 6), ("instance_weeks", "label", 3), ("instances_by_week", "label", 3),
    ):  # fmt: skip
        assert store.query(f"SELECT uniqExact({column}) FROM {table}")[0][0] == kept, table
    assert expire(store, BEFORE) == Expired(0, 0)


def test_an_event_after_that_begins_a_new_instance(store: Store, insert: Insert, correlator: Correlator) -> None:
    correlator.define([DEFINITION])
    insert(HISTORY)
    correlator.work()
    expire(store, BEFORE)
    insert([span("finalized", 20, 160, "old")])
    correlator.work()
    again = followed(correlator).find("invoice-to-cash", Key("billing", "in_old"))
    assert again is not None
    assert (again.state, [one.step for one in again.milestones]) == ("running", ["finalized"])


def test_what_a_round_has_read_before_is_not_there_again_after(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collector that starts looks at the newest entries once more, just when the first clean-up runs."""
    correlator.define([DEFINITION])
    insert(HISTORY)
    correlator.work()
    again = Correlator(store)
    again.resume()
    cleaning = threading.Thread(target=lambda: expire(store, BEFORE, again.still))
    write, waited = correlation.rows.write_instances, []

    def late(*args: Any) -> None:
        if not cleaning.ident:
            cleaning.start()
            cleaning.join(3)
            waited.append(cleaning.is_alive())
        write(*args)

    monkeypatch.setattr(correlation.rows, "write_instances", late)
    again.work()
    cleaning.join(60)
    assert waited == [True]
    assert expired(store, BEFORE) == Expired(0, 0)


def test_nothing_of_an_instance_that_became_part_of_another_outlives_it(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    """Its labels would come again with its ids, and put together what has nothing in common any more."""
    correlator.define([DEFINITION])
    apart = [{"billing.id": f"in_{number}"} for number in range(4)] + [{"invoice.number": "n"}]
    for number, names in enumerate(apart):
        insert([SpanData("finalized", number + 1, number * DAY, attributes=names)])
        correlator.work()
    for number in range(4):
        joining = {"billing.id": f"in_{number}", "invoice.number": "n"}
        insert([SpanData("paid", 20 + number, (20 + number) * DAY, attributes=joining)])
        correlator.work()
    timelines = followed(correlator)
    assert timelines.count("invoice-to-cash", Filter()) == 1

    assert expire(store, BEFORE).instances == 1
    for table in (
        "milestones",
        "facts",
        "key_values",
        "key_labels",
        "label_keys",
        "instance_weeks",
        "instances_by_week",
        "facts_by_label",
    ):
        assert store.query(f"SELECT count() FROM {table}") == [(0,)], table

    for number, names in enumerate(apart):
        insert([SpanData("finalized", 40 + number, 150 * DAY, attributes=names)])
        correlator.work()
    found = timelines.whole("invoice-to-cash", timelines.page("invoice-to-cash", Filter()).items)
    assert [len(one.milestones) for one in found] == [1] * 5
