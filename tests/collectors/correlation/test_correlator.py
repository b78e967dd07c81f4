from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.correlation import correlator as module
from collectors.correlation import feed, labels
from collectors.correlation.correlator import Correlator
from collectors.ingest import insert_settings
from collectors.store.client import Store
from collectors.store.migrate import migrate
from collectors.timelines.filtering import Filter
from collectors.timelines.model import Instance, Key
from collectors.timelines.reading import Timelines
from collectors.workflows import ledger
from collectors.workflows.definition import READER, Definition, Match, Step
from tests.collectors.conftest import Insert
from tests.collectors.spans import T0, SpanData, body

STORES = ("chdb", "http", "cluster")
KEYS = (("billing", "billing.id"), ("number", "invoice.number"), ("erp", "erp.id"))
DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=KEYS,
    dimensions=(("entity", "entity"),),
    amount="amount",
    currency="currency",
    steps=(
        Step("finalized", "billing", Match(span="invoice.finalized")),
        Step("posted", "erp", Match(span="invoice.posted", status="ok")),
        Step("paid", "billing", Match(span="invoice.paid")),
    ),
    completes=frozenset({"paid"}),
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inserts here end before anyone waits for them, and a second look is always due."""
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.0)
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.0)
    # Nobody here is in the middle of a question when a workflow changes.
    monkeypatch.setattr(ledger, "LEAVING_SECONDS", 0.0)


def answers(store: Store, correlator: Correlator) -> list[Instance]:
    """All instances with their milestones, by id; lists and single timelines must say the same."""
    timelines = Timelines(store, lambda: correlator.active, correlator.corrections)
    page = timelines.page("invoice-to-cash", Filter(), 500)
    whole = timelines.whole("invoice-to-cash", page.items)
    for summary, full in zip(page.items, whole, strict=True):
        assert (summary.id, summary.state, summary.reached, summary.keys) == (
            full.id,
            full.state,
            full.reached,
            full.keys,
        )
        assert timelines.get("invoice-to-cash", full.id) == full
    return sorted(whole, key=lambda one: one.id)


def expected(spans: Sequence[SpanData]) -> list[set[tuple[str, str]]]:
    """The keys of each instance, by merging sets until nothing changes."""
    groups: list[set[tuple[str, str]]] = []
    for span in spans:
        keys = {(kind, str(span.attributes[name])) for kind, name in KEYS if span.attributes.get(name)}
        if keys and not (span.error and span.name == "invoice.posted"):
            touching = [group for group in groups if group & keys]
            groups = [group for group in groups if group not in touching] + [keys.union(*touching)]
    return sorted(groups, key=sorted)


names = st.sampled_from(["invoice.finalized", "invoice.posted", "invoice.paid"])
some = st.sampled_from(["", "1", "2", "3", "4"])


@st.composite
def histories(draw: st.DrawFn) -> list[SpanData]:
    count = draw(st.integers(1, 9))
    return [
        SpanData(
            draw(names),
            ident + 1,
            start=draw(st.integers(0, 5)),
            error=draw(st.booleans()),
            attributes={
                "billing.id": draw(some),
                "invoice.number": draw(some),
                "erp.id": draw(some),
                "amount": "5",
                "currency": "EUR",
            },
        )
        for ident in range(count)
    ]


def read(spans: Sequence[SpanData], plan: Random | None, folder: Path, collectors: int) -> list[Instance]:
    """Send the spans by a plan: shuffled, some twice, in batches, with several correlators at work in between."""
    with Store(f"chdb://{folder}") as store:
        migrate(store)
        told = insert_settings(store)
        workers = [Correlator(store, name=str(number)) for number in range(collectors)]
        for worker in workers:
            worker.resume()
            worker.define([DEFINITION])
            worker.work()
            assert worker.active
        sent = list(spans)
        if plan is not None:
            sent += plan.choices(sent, k=len(sent) // 3)
            plan.shuffle(sent)
        while sent:
            size = len(sent) if plan is None else plan.randint(1, 4)
            store.insert_raw("otlp_landing", body(sent[:size]), "ProtobufSingle", told)
            sent = sent[size:]
            for worker in workers:
                if plan is None or plan.random() < 0.5:
                    worker.work()
        for worker in workers:
            worker.work()
        return answers(store, workers[0])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=histories(), seed=st.integers(0, 2**32))
def test_order_repetition_and_split_over_collectors_do_not_matter(
    spans: list[SpanData], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plain = read(spans, None, tmp_path_factory.mktemp("one"), collectors=1)
    assert sorted(({tuple(key) for key in one.keys} for one in plain), key=sorted) == expected(spans)
    assert read(spans, Random(seed), tmp_path_factory.mktemp("other"), collectors=2) == plain


def invoice(ident: int, name: str, at: float, **attributes: Any) -> SpanData:
    named = {key.replace("_", "."): value for key, value in attributes.items()}
    return SpanData(name, ident, at, attributes=named)


def started(correlator: Correlator) -> Correlator:
    correlator.define([DEFINITION])
    correlator.work()
    return correlator


def test_a_late_event_joins_two_instances_and_old_ids_still_lead_there(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    started(correlator)
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1"), invoice(2, "invoice.posted", 5, erp_id="77")])
    correlator.work()
    before = answers(store, correlator)
    assert len(before) == 2
    insert([invoice(3, "invoice.paid", 3, billing_id="in_1", erp_id="77")])
    correlator.work()
    (joined,) = answers(store, correlator)
    assert [milestone.step for milestone in joined.milestones] == ["finalized", "paid", "posted"]
    timelines = Timelines(store, lambda: correlator.active)
    assert all(timelines.get("invoice-to-cash", one.id) == joined for one in before)
    assert timelines.find("invoice-to-cash", Key("erp", "77")) == joined
    assert timelines.count("invoice-to-cash", Filter()) == 1


def test_a_span_without_keys_is_no_ones(store: Store, insert: Insert, correlator: Correlator) -> None:
    started(correlator)
    insert([SpanData("invoice.paid", 1), invoice(2, "invoice.paid", 1, billing_id="in_1")])
    correlator.work()
    assert [len(one.milestones) for one in answers(store, correlator)] == [1]


def test_history_is_read_by_a_new_workflow_and_again_by_a_changed_one(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    week = 7 * 86_400
    insert([invoice(ident, "invoice.finalized", -ident * week, billing_id=f"in_{ident}") for ident in range(1, 6)])
    started(correlator)
    assert len(answers(store, correlator)) == 5
    steps = (Step("issued", "billing", Match(span="invoice.*")),)
    changed = Definition(workflow="invoice-to-cash", object="invoice", keys=KEYS, steps=steps)
    correlator.define([changed])
    insert([invoice(9, "invoice.paid", 9, billing_id="in_1")])
    correlator.work()
    found = answers(store, correlator)
    assert [sorted(one.reached) for one in found] == [["issued"]] * 5
    assert sum(len(one.milestones) for one in found) == 6
    assert [entry.definition for entry in ledger.entries(store)] == [changed]
    assert store.query("SELECT count() FROM milestones WHERE definition = {d:String}", {"d": DEFINITION.id})[0][0] == 0


def test_the_old_definition_answers_until_the_new_one_has_read_history(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    started(correlator)
    changed = Definition(workflow="invoice-to-cash", object="invoice", keys=KEYS, steps=DEFINITION.steps[:1])
    seen: list[str] = []
    plain = ledger.read_week

    def watching(store: Store, definition: Definition, monday: str) -> None:
        seen.append(correlator.active["invoice-to-cash"].id)
        assert [(one.done, one.total) for one in correlator.building] == [(0, 1)]
        assert answers(store, correlator)
        plain(store, definition, monday)

    monkeypatch.setattr(ledger, "read_week", watching)
    correlator.define([changed])
    correlator.work()
    assert seen == [DEFINITION.id]
    assert correlator.active["invoice-to-cash"] == changed


def test_history_waits_for_inserts_that_began_before_the_view(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    """Such an insert passes no view, so its spans must be there before history is read."""
    ticket = correlator.inserting()
    correlator.define([DEFINITION])
    worker = threading.Thread(target=correlator.work, daemon=True)
    worker.start()
    deadline = time.monotonic() + 20
    while not correlator.building and time.monotonic() < deadline:
        time.sleep(0.01)
    view = f"milestones_from_spans_{DEFINITION.id}"
    store.command(f"DETACH TABLE {view}")
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    store.command(f"ATTACH TABLE {view}")
    assert not correlator.active
    correlator.inserted(ticket)
    worker.join(timeout=20)
    assert len(answers(store, correlator)) == 1


def test_a_new_title_needs_no_new_reading(store: Store, correlator: Correlator) -> None:
    started(correlator)
    titled = Definition.from_json(DEFINITION.to_json().replace('"title":""', '"title":"Invoices"'))
    assert titled != DEFINITION
    correlator.define([titled])
    correlator.work()
    assert correlator.active["invoice-to-cash"] == titled
    assert not correlator.building


def test_a_restart_goes_on_from_what_was_not_dealt_with(store: Store, insert: Insert, correlator: Correlator) -> None:
    started(correlator)
    insert([invoice(1, "invoice.finalized", 1, billing_id="in_1")])
    # This collector ends here, before it has looked at the feed.
    successor = Correlator(store)
    successor.resume()
    assert successor.active == {"invoice-to-cash": DEFINITION}
    successor.work()
    assert len(answers(store, successor)) == 1


def test_progress_is_written_down_as_the_moment_that_it_is(store: Store) -> None:
    before, others = feed.present(store, "one")
    assert not others
    feed.record(store, "one", before)
    assert not feed.present(store, "one").others
    # However far another one is behind, it is at work.
    feed.record(store, "two", before - 3_600 * module.MICROSECONDS)
    assert feed.present(store, "one").others
    assert feed.start_of(store) == before - feed.MARGIN_SECONDS * module.MICROSECONDS


def test_more_milestones_than_one_round_takes(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROUND", 7)
    started(correlator)
    # One insert gives all its milestones the same time of arrival, which no page of the feed may cut in two.
    insert([invoice(ident, "invoice.finalized", ident, billing_id=f"in_{ident % 20}") for ident in range(1, 61)])
    correlator.work()
    assert [len(one.milestones) for one in answers(store, correlator)] == [3] * 20
    assert correlator.facts == 60


def test_summaries_hold_exact_money_and_nanoseconds(store: Store, insert: Insert, correlator: Correlator) -> None:
    started(correlator)
    insert(
        [SpanData("invoice.paid", 1, 0.000000001, attributes={"billing.id": "x", "amount": "0.10", "currency": "EUR"})]
    )
    correlator.work()
    (summary,) = Timelines(store, lambda: correlator.active).page("invoice-to-cash", Filter()).items
    assert summary.amount is not None
    assert str(summary.amount.value.normalize()) == "0.1"
    assert summary.reached == {"paid": T0 + 1}
    assert summary.ended_at == T0 + 1


@pytest.mark.parametrize("seed", range(6))
def test_collectors_that_write_between_each_others_reading_and_writing_agree_in_the_end(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """The worst interleaving: whenever one is about to write labels, the other does a whole round first."""
    other = Correlator(store, name="other")
    other.resume()
    started(correlator)
    started(other)
    plan = Random(seed)
    chain = [
        invoice(
            ident,
            "invoice.finalized",
            ident,
            billing_id=f"b{ident}",
            invoice_number=f"b{ident + 1}",
            erp_id=f"e{ident // 3}",
        )
        for ident in range(1, 13)
    ]
    plan.shuffle(chain)
    workers = [correlator, other]
    plain, busy = labels.write, False

    def interrupted(store: Store, definition: str, found: Iterable[tuple[bytes, bytes]]) -> None:
        nonlocal busy
        if not busy:
            busy = True
            insert([chain.pop()] if chain else [])
            workers[1].work()
            busy = False
        plain(store, definition, found)

    monkeypatch.setattr(labels, "write", interrupted)
    while chain:
        insert([chain.pop()])
        workers.reverse()
        workers[0].work()
    monkeypatch.undo()
    for worker in workers:
        worker.work()
    assert len(answers(store, correlator)) == 5  # one for each ERP document
    assert sum(len(one.milestones) for one in answers(store, correlator)) == 12


def test_rows_of_earlier_rules_answer_until_history_is_read_by_the_present_ones(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    """What an update finds: a workflow whose rows say nothing of kinds of errors, and a view that never will."""
    before = Definition.from_json(DEFINITION.to_json().replace(f'"reader":{READER}', '"reader":1'))
    assert before.id != DEFINITION.id
    failed = {"billing.id": "in_1", "error.type": "USER_ERROR", "amount": "12,50", "currency": "EUR"}
    insert([SpanData("invoice.finalized", 1, 1, attributes=failed, error=True)])
    correlator.define([before])
    correlator.work()
    store.define(
        f"ALTER TABLE facts UPDATE fact = replace(fact, 'USER_ERROR', '') WHERE definition = '{before.id}' SETTINGS mutations_sync = 2"
    )
    correlator.define([DEFINITION])
    assert [one.error_types for one in answers(store, correlator)] == [()]
    correlator.work()
    (found,) = answers(store, correlator)
    assert (found.error_types, found.unread_amounts) == (("USER_ERROR",), 1)
    assert [entry.definition for entry in ledger.entries(store)] == [DEFINITION]


def test_a_delivery_that_tells_another_kind_of_error_is_looked_at(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    started(correlator)
    for kind in ("timeout", "closed"):
        said = {"billing.id": "in_1", "error.type": kind}
        insert([SpanData("invoice.finalized", 1, 1, attributes=said, error=True)])
        correlator.work()
    assert [one.error_types for one in answers(store, correlator)] == [("closed",)], (
        "the smaller of two versions is kept"
    )
    (summary,) = (
        Timelines(store, lambda: correlator.active).page("invoice-to-cash", Filter(error_type="closed"), 5).items
    )
    assert summary.error_types == ("closed",)
