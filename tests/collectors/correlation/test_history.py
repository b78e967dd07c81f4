"""Folding history portion by portion: the same as folding all at once, whatever happens between two portions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.correlation import history
from collectors.correlation.corrections import Corrections
from collectors.correlation.correlator import Correlator
from collectors.correlation.readings import Building, Readings
from collectors.store.client import Store, StoreUnavailable
from collectors.timelines.model import Instance, Key
from collectors.workflows.definition import Definition
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import DEFINITION, answers, invoice
from tests.collectors.spans import SpanData

STORES = ("chdb", "http", "cluster")
CHANGED = replace(DEFINITION, object="bill")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "SORTED", 7)
    monkeypatch.setattr(history, "FOLDED", 5)


def chains() -> list[SpanData]:
    """Ten instances of three milestones each; no two of an instance have the same ids."""
    found: list[SpanData] = []
    for number in range(10):
        names = {"billing_id": f"in_{number}", "invoice_number": f"INV-{number}", "erp_id": str(number)}
        found += [
            invoice(10 * number + 1, "invoice.finalized", number, billing_id=names["billing_id"]),
            invoice(10 * number + 2, "invoice.posted", number + 1, **{k: names[k] for k in ("billing_id", "erp_id")}),
            invoice(10 * number + 3, "invoice.paid", number + 2, **{k: names[k] for k in ("erp_id", "invoice_number")}),
        ]
    return found


def read(correlator: Correlator, definition: Definition, corrections: Corrections | None = None) -> None:
    correlator.define([definition], {} if corrections is None else {definition.workflow: corrections})
    correlator.work()


def sorted_copies(store: Store) -> int:
    return int(store.query("SELECT count() FROM facts_by_label")[0][0])


def told(found: list[Instance]) -> list[tuple[str, int, int, int | None]]:
    return [(one.id, len(one.milestones), one.started_at, one.ended_at) for one in found]


def test_history_comes_to_what_rounds_came_to_and_leaves_no_copies(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    read(correlator, DEFINITION)
    for span in chains():
        insert([span])
    correlator.work()
    live = told(answers(store, correlator))
    assert [count for _, count, _, _ in live] == [3] * 10
    read(correlator, CHANGED)
    assert correlator.active[CHANGED.workflow] == CHANGED
    assert told(answers(store, correlator)) == live
    assert sorted_copies(store) == 0


@pytest.mark.parametrize("portions", [0, 6, 8], ids=["while it is sorted", "between folds", "late"])
def test_what_arrives_between_two_portions_is_part_of_the_answer(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch, portions: int
) -> None:
    insert(chains())
    whole, late = Readings.fold_portion, [
        invoice(200 + number, "invoice.paid", 50, erp_id=str(number), billing_id=f"in_{number + 1}")
        for number in range(0, 10, 2)
    ]  # fmt: skip

    def arriving(self: Readings, *given: object) -> None:
        whole(self, *given)  # type: ignore[arg-type] # as it was called
        building = given[0]
        if isinstance(building, Building) and portions <= building.folded.portions:
            insert([late.pop() for _ in range(min(2, len(late)))])

    monkeypatch.setattr(Readings, "fold_portion", arriving)
    read(correlator, DEFINITION)
    assert not late
    found = answers(store, correlator)
    # Each joins two, and has itself to be counted.
    assert [len(one.milestones) for one in found] == [7] * 5


def test_a_portion_that_fails_begins_history_anew(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(chains())
    whole, left = Store.insert, 3

    def breaking(self: Store, table: str, *given: object) -> None:
        nonlocal left
        left -= table == "instances_by_week"
        if left == 0:
            raise StoreUnavailable("gone")
        whole(self, table, *given)  # type: ignore[arg-type] # as it was called

    with monkeypatch.context() as broken:
        broken.setattr(Store, "insert", breaking)
        with pytest.raises(StoreUnavailable):
            read(correlator, DEFINITION)
    assert not correlator.active
    assert sorted_copies(store) == 0
    # What it knew of two before the failure is one by now; it must not count any more.
    insert([invoice(300, "invoice.paid", 60, erp_id="0", billing_id="in_5")])
    correlator.work()
    assert sorted(len(one.milestones) for one in answers(store, correlator)) == [3] * 8 + [7]


def test_ids_that_were_taken_apart_stay_apart_when_history_is_read_anew(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    insert(chains())
    apart = Corrections(apart=frozenset({(Key("billing", "in_3"), Key("erp", "3"))}))
    read(correlator, DEFINITION, apart)
    first = told(answers(store, correlator))
    assert len(first) == 11
    read(correlator, CHANGED, apart)
    assert told(answers(store, correlator)) == first


def test_a_reading_that_is_given_up_between_two_portions_leaves_no_copies(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(chains())
    whole, portions = Readings.fold_portion, 0

    def changing(self: Readings, *given: object) -> None:
        nonlocal portions
        whole(self, *given)  # type: ignore[arg-type] # as it was called
        portions += 1
        if portions == 6:
            assert sorted_copies(store) > 0
            assert correlator.building[0].folded == 6
            correlator.define([CHANGED])

    monkeypatch.setattr(Readings, "fold_portion", changing)
    read(correlator, DEFINITION)
    assert correlator.active[CHANGED.workflow] == CHANGED
    assert len(answers(store, correlator)) == 10
    assert sorted_copies(store) == 0
    assert store.query("SELECT DISTINCT definition FROM facts") == [(CHANGED.id,)]
