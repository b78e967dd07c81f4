"""Questions within questions, over more than one shard: ClickHouse refuses them unless they are asked in a way that is right."""

from __future__ import annotations

import pytest

from collectors.correlation import correlator as module
from collectors.correlation.correlator import Correlator
from collectors.expiry import expire, expired
from collectors.store.client import Store
from collectors.timelines.filtering import Filter
from collectors.timelines.flow import Flows
from collectors.timelines.model import Key
from collectors.timelines.reading import Timelines
from collectors.timelines.related import related
from collectors.usage.hops import hops
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData
from tests.collectors.test_expiry import BEFORE, DAY, DEFINITION, HISTORY, followed

STORES = ("shards",)
WORKFLOW = "invoice-to-cash"
FAILED = SpanData(
    "finalized", 30, 140 * DAY, 1, {"billing.id": "in_bad"}, trace=30, error=True, message="period closed"
)


@pytest.fixture
def timelines(store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch) -> Timelines:
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.0)
    # In two parts: one is there before the workflow is declared, so that it is read as history, the other comes after.
    insert(HISTORY[:6])
    correlator.define([DEFINITION])
    correlator.work()
    insert([*HISTORY[6:], FAILED])
    correlator.work()
    return followed(correlator)


def values(timelines: Timelines, chosen: Filter) -> set[str]:
    return {key.value for one in timelines.page(WORKFLOW, chosen).items for key in one.keys if key.type == "billing"}


def test_what_comes_is_joined_and_found_by_all_that_one_may_ask(store: Store, timelines: Timelines) -> None:
    assert values(timelines, Filter()) == {"in_old", "in_voided", "in_running", "in_slow", "in_new", "in_bad"}
    assert values(timelines, Filter(error="CLOSED")) == {"in_bad"}
    assert values(timelines, Filter(state="completed")) == {"in_old", "in_slow"}
    slow = timelines.find(WORKFLOW, Key("billing", "in_slow"))
    assert slow is not None
    assert [one.step for one in slow.milestones] == ["finalized", "paid"]
    (shares,) = related(timelines, slow, 9)
    assert {one.keys[0].value for one in shares.instances} == {"in_old", "in_voided", "in_running", "in_new"}
    assert {hit.instance.id for hit in timelines.search("INV-slow")} == {slow.id}
    assert timelines.longest(WORKFLOW) == []
    assert set(Flows(store, timelines.active).flow(WORKFLOW, Filter()).reached) == {"finalized", "paid", "voided"}
    assert hops(store, {}, T0, T0 + 200 * DAY * SECOND) == ()


def test_what_is_over_goes_on_each_shard(store: Store, timelines: Timelines) -> None:
    """Whoever runs a mutation on a shard has no settings of our session, and refused the question that says what to remove."""
    assert expired(store, BEFORE).spans
    expire(store, BEFORE)
    assert values(timelines, Filter()) == {"in_running", "in_slow", "in_new", "in_bad"}
    for table, column, kept in (("milestones", "anchor", 4), ("facts", "anchor", 4), ("key_labels", "key", 7)):
        assert store.query(f"SELECT uniqExact({column}) FROM {table}")[0][0] == kept, table
    assert store.query(
        "SELECT countIf(toMonday(ts) < toMonday(toDateTime({at:Int64}))) FROM spans", {"at": T0 // SECOND + 7 * DAY}
    )[0][0]
    assert expired(store, BEFORE).spans == 0


def test_an_insert_from_one_table_to_another_goes_by_the_sharding_key(store: Store) -> None:
    """By default each shard copies its own rows to itself, where rows that replace one another would not meet."""
    assert store.query("SELECT toInt64(getSetting('parallel_distributed_insert_select'))") == [(0,)]
