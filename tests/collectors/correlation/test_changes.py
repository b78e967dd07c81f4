"""A workflow that changes while people ask: each question and each walk is answered by the old or the new definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.correlation import correlator as module
from collectors.correlation import readings
from collectors.correlation.correlator import Correlator
from collectors.correlation.pace import Pace
from collectors.store.client import Store, StoreUnavailable
from collectors.timelines.filtering import Filter
from collectors.timelines.ordering import CursorError
from collectors.timelines.reading import Timelines
from collectors.workflows import ledger
from collectors.workflows.definition import Match, Step
from collectors.workflows.held import held, holding
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import DEFINITION, answers, invoice, started

STORES = ("chdb", "http")
WORKFLOW = DEFINITION.workflow
#: It is seen at each answer which of the two it came from.
CHANGED = replace(DEFINITION, steps=(Step("issued", "billing", Match(span="invoice.*")),), completes=frozenset())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.0)
    monkeypatch.setattr(module, "FOLLOW_SECONDS", 0.0)


def asking(store: Store, correlator: Correlator) -> Timelines:
    """As a server asks: by what the request at hand began with."""
    return Timelines(store, lambda: held(lambda: correlator.active), correlator.corrections)


def change(correlator: Correlator, *definitions: object) -> None:
    correlator.define(definitions)  # type: ignore[arg-type] # definitions all
    correlator.work()


def steps(timelines: Timelines) -> set[tuple[str, ...]]:
    page = timelines.page(WORKFLOW, Filter(), 500)
    return {tuple(one.reached) for one in page.items} | {
        tuple(one.reached) for one in timelines.whole(WORKFLOW, page.items)
    }


def rows(store: Store, definition: object) -> int:
    found = store.query(
        "SELECT count() FROM milestones WHERE definition = {d:String}",
        {"d": definition.id},  # type: ignore[attr-defined] # a definition
    )
    return int(found[0][0])


def standing(store: Store) -> dict[str, str]:
    return {one.definition.id: one.state for one in ledger.entries(store)}


@pytest.fixture
def invoices(insert: Insert, correlator: Correlator) -> Correlator:
    insert([invoice(ident, "invoice.finalized", ident, billing_id=f"in_{ident}") for ident in range(1, 8)])
    started(correlator)
    return correlator


def test_a_request_ends_with_the_definition_that_it_began_with(store: Store, invoices: Correlator) -> None:
    timelines = asking(store, invoices)
    with holding():
        assert steps(timelines) == {("finalized",)}
        change(invoices, CHANGED)
        assert steps(timelines) == {("finalized",)}
        assert timelines.totals(WORKFLOW, Filter(steps=("finalized",))).count == 7
        assert timelines.search("in_3")[0].instance.reached.keys() == {"finalized"}
    assert steps(timelines) == {("issued",)}


def test_a_walk_goes_on_by_the_definition_that_it_began_with(store: Store, invoices: Correlator) -> None:
    timelines = asking(store, invoices)
    with holding():
        walk = timelines.walk(WORKFLOW, Filter(), "id", 2)
        first = next(walk)
        change(invoices, CHANGED)
        rest = [one for portion in walk for one in portion]
    assert len(first) + len(rest) == 7
    assert {tuple(one.reached) for one in (*first, *rest)} == {("finalized",)}


def test_a_walk_that_outlives_its_definition_breaks_off(
    store: Store, invoices: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    timelines = asking(store, invoices)
    with holding():
        walk = timelines.walk(WORKFLOW, Filter(), "id", 2)
        next(walk)
        monkeypatch.setattr(ledger, "LEAVING_SECONDS", 0.0)
        change(invoices, CHANGED)
        assert rows(store, DEFINITION) == 0
        with pytest.raises(StoreUnavailable, match="has changed"):
            list(walk)


def test_a_cursor_of_the_definition_before_is_refused(store: Store, invoices: Correlator) -> None:
    timelines = asking(store, invoices)
    cursor = timelines.page(WORKFLOW, Filter(), 2).next_cursor
    assert timelines.page(WORKFLOW, Filter(), 2, cursor).items
    change(invoices, CHANGED)
    with pytest.raises(CursorError, match="has changed since"):
        timelines.page(WORKFLOW, Filter(), 2, cursor)


def test_what_left_is_dropped_after_a_while_only(
    store: Store, invoices: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(invoices, CHANGED)
    assert rows(store, DEFINITION) == 7
    assert standing(store) == {CHANGED.id: "active", DEFINITION.id: "leaving"}
    monkeypatch.setattr(ledger, "LEAVING_SECONDS", 0.0)
    invoices.work()
    assert rows(store, DEFINITION) == 0
    assert standing(store) == {CHANGED.id: "active"}


def test_a_workflow_that_is_changed_back_is_read_at_once_and_whole(
    store: Store, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    correlator = Correlator(store, alone=True)
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    started(correlator)
    change(correlator, CHANGED)
    insert([invoice(2, "invoice.paid", 2, billing_id="in_1"), invoice(3, "invoice.finalized", 3, billing_id="in_3")])
    correlator.work()
    with monkeypatch.context() as forbidden:
        forbidden.setattr(ledger, "read_week", lambda *_: pytest.fail("history is read again"))
        change(correlator, DEFINITION)
    assert not correlator.building
    assert [sorted(one.reached) for one in sorted(answers(store, correlator), key=lambda one: one.started_at)] == [
        ["finalized", "paid"],
        ["finalized"],
    ]
    # And forth and back once more, in one breath.
    correlator.define([CHANGED])
    correlator.define([DEFINITION])
    correlator.work()
    assert correlator.active == {WORKFLOW: DEFINITION}


def test_changes_in_quick_succession_end_with_the_last(store: Store, invoices: Correlator) -> None:
    third = replace(DEFINITION, object="bill")
    for definition in (CHANGED, third, DEFINITION, CHANGED, third):
        invoices.define([definition])
        invoices._take_definitions()
    invoices.work()
    assert invoices.active == {WORKFLOW: third}
    assert not invoices.building
    assert len(answers(store, invoices)) == 7


def test_a_workflow_that_is_taken_away_answers_no_more(
    store: Store, invoices: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    timelines = asking(store, invoices)
    assert timelines.search("in_3")
    change(invoices)
    assert timelines.search("in_3") == []
    assert timelines.page(WORKFLOW, Filter()).items == ()
    successor = Correlator(store)
    successor.resume()
    successor.work()
    assert successor.active == {}
    monkeypatch.setattr(ledger, "LEAVING_SECONDS", 0.0)
    invoices.work()
    assert rows(store, DEFINITION) == 0
    assert ledger.entries(store) == []
    change(invoices, DEFINITION)
    assert len(answers(store, invoices)) == 7


def test_a_workflow_that_was_taken_away_while_nobody_was_at_work_does_not_answer(
    store: Store, invoices: Correlator
) -> None:
    del invoices
    successor = Correlator(store)
    successor.resume()
    change(successor)
    assert successor.active == {}
    assert rows(store, DEFINITION) == 7  # it may be somebody else's
    change(successor, DEFINITION)
    assert len(answers(store, successor)) == 7


def test_a_collector_that_ended_in_the_middle_of_a_switch_is_put_right(store: Store, invoices: Correlator) -> None:
    change(invoices, CHANGED)
    for definition in (DEFINITION, CHANGED):  # as if it had ended before the first could leave
        ledger.record(store, definition, "active")
    successor = Correlator(store)
    successor.resume()
    assert successor.active == {WORKFLOW: CHANGED}
    assert standing(store) == {CHANGED.id: "active", DEFINITION.id: "leaving"}


def test_a_restart_in_the_middle_of_history_keeps_nothing_twice(store: Store, insert: Insert) -> None:
    insert([invoice(ident, "invoice.finalized", ident, billing_id=f"in_{ident}") for ident in range(1, 8)])
    for _ in range(3):
        ended = Correlator(store, alone=True)
        ended.resume()
        ended.define([DEFINITION])
        ended._take_definitions()
        ended._readings.read_portion(ended._readings.building[0])
        assert rows(store, DEFINITION) == 7
    successor = Correlator(store, alone=True)
    successor.resume()
    change(successor, DEFINITION)
    assert rows(store, DEFINITION) == 7
    assert len(answers(store, successor)) == 7


def test_another_collector_answers_by_the_definition_before_until_it_follows(
    store: Store, invoices: Correlator
) -> None:
    other = Correlator(store, name="other")
    other.resume()
    timelines = asking(store, other)
    change(invoices, CHANGED)
    assert steps(timelines) == {("finalized",)}
    other.work()
    assert steps(timelines) == {("issued",)}


def test_another_collector_lets_go_of_a_workflow_that_was_taken_away(store: Store, invoices: Correlator) -> None:
    other = Correlator(store, name="other")
    other.resume()
    assert other.active
    change(invoices)
    other.work()
    assert other.active == {}


def test_a_collector_whose_reading_another_gave_up_reads_anew(store: Store, invoices: Correlator) -> None:
    other = Correlator(store, name="other")
    other.resume()
    other.define([CHANGED])
    other._take_definitions()
    (building,) = other._readings.building
    assert other._readings.read_portion(building)
    ledger.retire(store, [CHANGED])  # by the one that was told that it is not wanted any more
    other.work()
    assert other.active == {WORKFLOW: CHANGED}
    assert len(answers(store, other)) == 7
    assert all(one.milestones for one in answers(store, other))


def test_a_reading_that_another_may_be_dropping_is_waited_for(
    store: Store, invoices: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(invoices, CHANGED)
    other = Correlator(store, name="other")
    other.resume()
    monkeypatch.setattr(readings.ledger, "LEAVING_SECONDS", 0.0)
    other._readings.leaving[DEFINITION.id] = DEFINITION, 0.0
    assert not other._readings.want(DEFINITION)
    other.define([DEFINITION])
    for _ in range(3):  # dropped, wanted, read
        other.work()
    assert other.active == {WORKFLOW: DEFINITION}
    assert len(answers(store, other)) == 7


def test_how_long_it_takes_is_said_once_it_can_be_known() -> None:
    pace = Pace(began=100.0, total=1_000)
    assert pace.left(200.0) is None
    pace.done = 250
    assert pace.left(101.0) is None
    assert pace.left(110.0) == 30
    pace.done = 1_000
    assert pace.left(120.0) is None
    assert Pace(began=100.0, total=0).left(200.0) is None
