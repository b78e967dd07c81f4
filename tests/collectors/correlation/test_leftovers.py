"""What somebody left half done, ended at the worst moment: whoever comes next finds it, and nothing counts twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from collectors.correlation import correlator as module
from collectors.correlation import labels
from collectors.correlation import round as correlation
from collectors.correlation.components import label
from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.correlator import Correlator
from collectors.correlation.keys import key_hash
from collectors.store.client import Store, StoreUnavailable
from collectors.timelines.model import Key
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import DEFINITION, answers, invoice, started

STORES = ("chdb", "cluster")
WORKFLOW = DEFINITION.workflow
A, C = Key("billing", "a"), Key("erp", "c")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STATEMENT_SECONDS", "SWEEP_SECONDS", "FOLLOW_SECONDS"):
        monkeypatch.setattr(module, name, 0.0)


@contextmanager
def ending_before(table: str, number: int = 1) -> Iterator[None]:
    """Whoever inserts into a table for the ``number``-th time ends there, before anything is stored."""
    whole, left = Store.insert, number

    def breaking(self: Store, name: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        nonlocal left
        left -= name == table
        if left <= 0:
            raise StoreUnavailable("ended")
        whole(self, name, rows, columns)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "insert", breaking)
        with pytest.raises(StoreUnavailable):
            yield
    assert left <= 0


def test_a_row_that_was_written_while_another_collector_joined_and_ended_does_not_stay(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    """Between what one foresees and its labels the other writes an instance; then the first one ends."""
    other = Correlator(store, name="other")
    other.resume()
    started(correlator)
    started(other)
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.posted", 2, erp_id="c")])
    for one in (correlator, other):
        one.work()
    losing = max(A, C, key=lambda key: label(key_hash(key)))
    insert([invoice(3, "invoice.finalized", 3, **({"billing_id": "a"} if losing == A else {"erp_id": "c"}))])
    write, fold = labels.write, correlation.summarise
    foreseen, written = threading.Event(), threading.Event()

    def slowly(*given: Any) -> None:
        foreseen.set()
        assert written.wait(30)
        write(*given)

    def ended(*_: object) -> None:
        raise StoreUnavailable("ended")

    def join() -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(labels, "write", slowly)
            patched.setattr(correlation, "summarise", ended)
            with pytest.raises(StoreUnavailable):
                other.work()

    joining = threading.Thread(target=join)

    def overtaken(*given: Any) -> None:
        if joining.ident is not None:
            fold(*given)
            return
        # This one has read of the feed what came before the event that joins.
        insert([invoice(4, "invoice.paid", 4, billing_id="a", erp_id="c")])
        joining.start()
        assert foreseen.wait(30)
        fold(*given)
        written.set()
        joining.join(30)
        assert store.query("SELECT count() FROM instances_by_week FINAL WHERE gone = 0") == [(2,)], "the worst happened"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(correlation, "summarise", overtaken)
        correlator.work()
    assert joining.ident is not None
    (found,) = answers(store, correlator)
    assert len(found.milestones) == 4


@pytest.mark.parametrize("table", ["label_keys", "key_labels", "instance_weeks", "instances_by_week"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_correction_that_is_broken_off_anywhere_is_finished_by_the_next(
    store: Store, insert: Insert, correlator: Correlator, table: str, number: int
) -> None:
    correlator.define([DEFINITION])
    insert([invoice(1, "invoice.posted", 3, billing_id="a", erp_id="c"), invoice(2, "invoice.paid", 9, erp_id="c")])
    correlator.work()
    corrections = {WORKFLOW: Corrections(apart=frozenset({(A, C)}))}
    correlator.define([DEFINITION], corrections)
    try:
        with ending_before(table, number):
            correlator.work()
    except pytest.fail.Exception:
        pass  # it came to its end before
    again = Correlator(store)
    again.resume()
    again.define([DEFINITION], corrections)
    again.work()
    assert sorted([key.value for key in one.keys] for one in answers(store, again)) == [["a"], ["c"]]
    again.define([DEFINITION], {WORKFLOW: NOTHING})
    again.work()
    (found,) = answers(store, again)
    assert len(found.milestones) == 2


def test_a_correction_holds_although_the_clock_was_put_back(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    correlator.define([DEFINITION])
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.posted", 2, erp_id="c")])
    correlator.define([DEFINITION], {WORKFLOW: Corrections(same=frozenset({(A, C)}))})
    correlator.work()
    assert len(answers(store, correlator)) == 1
    back = time.time_ns() - 600 * 1_000_000_000
    monkeypatch.setattr(correlation.time, "time_ns", lambda: back)
    correlator.define([DEFINITION], {WORKFLOW: NOTHING})
    correlator.work()
    assert len(answers(store, correlator)) == 2


def test_labels_of_another_component_are_left_alone(store: Store, insert: Insert, correlator: Correlator) -> None:
    """What was taken apart has had the same labels once."""
    Correlator(store, name="other").resume()
    correlator.define([DEFINITION])
    insert([invoice(1, "invoice.posted", 3, billing_id="a", erp_id="c"), invoice(2, "invoice.paid", 9, erp_id="c")])
    correlator.work()
    correlator.define([DEFINITION], {WORKFLOW: Corrections(apart=frozenset({(A, C)}))})
    correlator.work()
    for number in range(10, 14):
        insert([invoice(number, "invoice.paid", number, **{("billing_id", "erp_id")[number % 2]: "ac"[number % 2]})])
        correlator.work()
    assert [len(one.milestones) for one in answers(store, correlator)] == [3, 3]
    assert labels.labels_of(store, DEFINITION.id, [key_hash(A)]) != labels.labels_of(
        store, DEFINITION.id, [key_hash(C)]
    )
