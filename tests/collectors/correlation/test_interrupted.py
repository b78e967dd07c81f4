"""A round that is broken off at any of its writes, and taken up again: nothing counts twice, nothing is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from collectors.correlation.correlator import Correlator
from collectors.store.client import Store, StoreUnavailable
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import answers, invoice, started


@pytest.mark.parametrize("reached", range(10))
def test_an_instance_that_becomes_part_of_another_counts_once(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch, reached: int
) -> None:
    started(correlator)
    # Two that know nothing of each other, until a third has the ids of both.
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1"), invoice(2, "invoice.posted", 2, erp_id="9")])
    correlator.work()
    assert len(answers(store, correlator)) == 2
    insert([invoice(3, "invoice.posted", 3, billing_id="in_1", erp_id="9")])
    whole, left = Store.insert, reached

    def breaking(self: Store, table: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise StoreUnavailable("gone")
        whole(self, table, rows, columns)

    monkeypatch.setattr(Store, "insert", breaking)
    try:
        correlator.work()
    except StoreUnavailable:
        assert left < 0
    monkeypatch.undo()
    again = Correlator(store)
    again.resume()
    again.work()
    (one,) = answers(store, again)
    assert set(one.reached) == {"finalized", "posted"}
    assert len(one.milestones) == 3


def test_a_rows_place_and_a_labels_key_are_known_before_the_row_and_the_label(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(correlator)
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    whole, order = Store.insert, list[str]()

    def noting(self: Store, table: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        order.append(table)
        whole(self, table, rows, columns)

    monkeypatch.setattr(Store, "insert", noting)
    correlator.work()
    assert order.index("label_keys") < order.index("key_labels") < order.index("instance_weeks")
    assert order.index("instance_weeks") < order.index("instances_by_week")
    assert store.query("SELECT name FROM system.tables WHERE name IN ('label_keys_view', 'instance_weeks_view')") == []
