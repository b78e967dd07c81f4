"""What people put right: it joins and takes apart, stays so, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.correlator import Correlator
from collectors.correlation.keys import key_hash
from collectors.ingest import insert_settings
from collectors.store.client import Store, StoreUnavailable
from collectors.store.migrate import migrate
from collectors.timelines import abridged, rows
from collectors.timelines.model import Instance, Key
from collectors.timelines.reading import Timelines
from collectors.workflows.definition import Definition, Match, Settles, Step
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_components import plain_components
from tests.collectors.correlation.test_correlator import DEFINITION, KEYS, answers, histories, invoice
from tests.collectors.spans import SpanData, body

A, B, C = Key("billing", "a"), Key("number", "b"), Key("erp", "c")
KINDS = {"billing.id": "billing", "invoice.number": "number", "erp.id": "erp"}


def corrected(correlator: Correlator, corrections: Corrections, definition: Definition = DEFINITION) -> None:
    correlator.define([definition], {definition.workflow: corrections})
    correlator.work()


def keys(found: list[Instance]) -> list[list[str]]:
    return sorted(sorted(key.value for key in one.keys) for one in found)


def test_two_ids_that_no_event_names_together_are_joined_by_hand(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    corrected(correlator, NOTHING)
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.posted", 2, erp_id="c")])
    correlator.work()
    assert keys(answers(store, correlator)) == [["a"], ["c"]]
    corrected(correlator, Corrections(same=frozenset({(A, C)})))
    assert keys(answers(store, correlator)) == [["a", "c"]]
    corrected(correlator, NOTHING)
    assert keys(answers(store, correlator)) == [["a"], ["c"]]


def test_a_wrong_join_is_taken_apart_and_stays_apart(store: Store, insert: Insert, correlator: Correlator) -> None:
    corrected(correlator, NOTHING)
    wrong = invoice(1, "invoice.posted", 3, billing_id="a", erp_id="c")
    insert([wrong, invoice(2, "invoice.finalized", 1, billing_id="a"), invoice(3, "invoice.paid", 9, erp_id="c")])
    correlator.work()
    assert keys(answers(store, correlator)) == [["a", "c"]]
    corrected(correlator, Corrections(apart=frozenset({(A, C)})))
    first, second = sorted(answers(store, correlator), key=lambda one: one.started_at)
    assert [one.step for one in first.milestones] == ["finalized", "posted"]
    assert [one.step for one in second.milestones] == ["paid"]
    insert([wrong, invoice(4, "invoice.posted", 4, billing_id="a", erp_id="c")])
    correlator.work()
    assert keys(answers(store, correlator)) == [["a"], ["c"]]
    timelines = Timelines(store, lambda: correlator.active, correlator.corrections)
    assert timelines.find("invoice-to-cash", C) == next(one for one in answers(store, correlator) if one.keys == (C,))


def test_a_rebuilt_reading_respects_corrections(store: Store, insert: Insert, correlator: Correlator) -> None:
    corrections = Corrections(same=frozenset({(A, B)}), apart=frozenset({(A, C)}))
    insert(
        [
            invoice(1, "invoice.finalized", 1, billing_id="a"),
            invoice(2, "invoice.posted", 2, invoice_number="b"),
            invoice(3, "invoice.posted", 3, billing_id="a", erp_id="c"),
            invoice(4, "invoice.paid", 4, erp_id="c"),
        ]
    )
    corrected(correlator, corrections)
    assert keys(answers(store, correlator)) == [["a", "b"], ["c"]]
    changed = Definition(workflow="invoice-to-cash", object="bill", keys=KEYS, steps=DEFINITION.steps)
    corrected(correlator, corrections, changed)
    assert keys(answers(store, correlator)) == [["a", "b"], ["c"]]


def test_what_was_taken_back_just_before_an_end_is_undone_at_the_next_start(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    by_hand = Corrections(same=frozenset({(A, C)}))
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.posted", 2, erp_id="c")])
    corrected(correlator, by_hand)
    assert keys(answers(store, correlator)) == [["a", "c"]]
    later = Correlator(store)
    later.doubt({DEFINITION.workflow: by_hand})
    later.resume()
    corrected(later, NOTHING)
    assert keys(answers(store, later)) == [["a"], ["c"]]


def test_what_the_store_could_not_take_is_tried_again(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.posted", 2, erp_id="c")])
    corrected(correlator, NOTHING)

    def refuse(*_: object) -> None:
        raise StoreUnavailable("gone for a moment")

    with monkeypatch.context() as patched:
        patched.setattr("collectors.correlation.applied.rejoin", refuse)
        with pytest.raises(StoreUnavailable):
            corrected(correlator, Corrections(same=frozenset({(A, C)})))
        assert not correlator.settle(0)
    correlator.work()
    assert correlator.settle(0)
    assert keys(answers(store, correlator)) == [["a", "c"]]


def test_what_is_put_right_while_history_is_read_does_not_wait_for_its_end(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.posted", 2, erp_id="c")])
    corrected(correlator, NOTHING)
    by_hand = {DEFINITION.workflow: Corrections(same=frozenset({(A, C)}))}
    seen: list[list[list[str]]] = []
    build = correlator._build_some

    def slow() -> None:
        seen.append(keys(answers(store, correlator)))
        if len(seen) > 1:
            build()
        else:
            correlator.define([replace(DEFINITION, object="bill")], by_hand)

    monkeypatch.setattr(Correlator, "_build_some", lambda _: slow())
    correlator.define([replace(DEFINITION, object="bill")])
    correlator.work()
    assert correlator.active[DEFINITION.workflow].object == "bill"
    assert seen[0] == [["a"], ["c"]]
    assert seen[1:] == [[["a", "c"]]] * (len(seen) - 1)
    assert len(seen) > 1


def test_an_id_that_people_add_is_known_before_any_event_names_it(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    insert([invoice(1, "invoice.finalized", 1, billing_id="a")])
    corrected(correlator, NOTHING)
    corrected(correlator, Corrections(same=frozenset({(A, C)})))
    (one,) = answers(store, correlator)
    assert one.keys == (A, C)
    timelines = Timelines(store, lambda: correlator.active, correlator.corrections)
    assert [hit.instance.id for hit in timelines.search("c")] == [one.id]
    corrected(correlator, Corrections(same=frozenset({(A, C)})), replace(DEFINITION, object="bill"))
    assert [found.keys for found in answers(store, correlator)] == [(A, C)]
    corrected(correlator, NOTHING, replace(DEFINITION, object="bill"))
    assert [found.keys for found in answers(store, correlator)] == [(A,)]
    assert timelines.search("c") == []


def test_what_stands_apart_elsewhere_makes_no_long_instance_dear(
    store: Store, insert: Insert, correlator: Correlator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(abridged, "BOUND", 5)
    monkeypatch.setattr(abridged, "MANY_KEYS", 5)
    monkeypatch.setattr("collectors.timelines.fold.BOUND", 5)
    insert([invoice(number, "invoice.posted", number, billing_id="a", erp_id=f"x{number}") for number in range(1, 9)])
    corrected(correlator, Corrections(apart=frozenset({(B, C)})))
    (one,) = answers(store, correlator)
    assert one.total == 8
    read: list[set[bytes]] = []
    plain = rows.milestones_of
    monkeypatch.setattr(rows, "milestones_of", lambda *found: read.append(set(found[2])) or plain(*found))
    insert(
        [
            invoice(9, "invoice.posted", 9, billing_id="a"),
            invoice(10, "invoice.paid", 9, invoice_number="b", erp_id="c"),
        ]
    )
    correlator.work()
    found = {item.total for item in answers(store, correlator)}
    timelines = Timelines(store, lambda: correlator.active, correlator.corrections)
    page = timelines.milestones("invoice-to-cash", one.id)
    assert (found, len(page.items if page else ())) == ({9, 1}, 9)
    assert read
    assert not any(key_hash(A) in keys for keys in read)


@pytest.mark.parametrize("order", list(permutations([A, B, C])))
def test_an_event_of_ids_that_stand_apart_in_a_chain_is_still_the_first_ones(
    store: Store, insert: Insert, correlator: Correlator, order: tuple[Key, Key, Key]
) -> None:
    one, two, three = order
    names = {"billing": "billing_id", "number": "invoice_number", "erp": "erp_id"}
    insert([invoice(1, "invoice.posted", 1, **{names[key.type]: key.value for key in order})])
    insert([invoice(2, "invoice.paid", 2, **{names[three.type]: three.value})])
    corrected(correlator, Corrections(apart=frozenset({(one, two), (two, three)})))
    found = {item.keys: [fact.step for fact in item.milestones] for item in answers(store, correlator)}
    assert found == {(one,): ["posted"], (three,): ["paid"]}


def test_what_stands_apart_from_an_id_stands_apart_from_all_that_are_the_same_as_it(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    apart = frozenset({(A, C)})
    insert([invoice(1, "invoice.finalized", 1, billing_id="a"), invoice(2, "invoice.paid", 2, erp_id="c")])
    corrected(correlator, Corrections(same=frozenset({(A, B)}), apart=apart))
    insert([invoice(3, "invoice.posted", 3, invoice_number="b", erp_id="c")])
    correlator.work()
    assert keys(answers(store, correlator)) == [["a", "b"], ["c"]]
    corrected(correlator, Corrections(apart=apart))
    assert keys(answers(store, correlator)) == [["a"], ["b", "c"]]
    corrected(correlator, Corrections(same=frozenset({(A, B)}), apart=apart))
    assert keys(answers(store, correlator)) == [["a", "b"], ["c"]]


def test_a_milestone_whose_keys_all_exclude_each_other_stays_somewhere() -> None:
    one, other, third = key_hash(A), key_hash(B), key_hash(C)
    both = Corrections(apart=frozenset({(A, B), (B, A)}))
    assert both.joining((one, other)) == (min(one, other),)
    assert len(Corrections(apart=frozenset({(A, B), (B, C), (C, A)})).joining((one, other, third))) == 1
    assert len(Corrections(frozenset({(A, B)}), frozenset({(B, A)})).joining((one, other))) == 2
    assert NOTHING.joining((one, other)) == (one, other)


pairs = st.tuples(st.sampled_from(list(KINDS.values())), st.sampled_from("1234"))
many = st.sets(st.tuples(pairs, pairs).filter(lambda two: two[0] != two[1]), max_size=3)


def plain(spans: list[SpanData], corrections: Corrections) -> list[list[tuple[str, str]]]:
    """The keys of each instance by merging sets, with only the keys that count in each event and those that people added."""
    names: dict[bytes, Key] = {}
    edges = []
    for span in spans:
        own = [Key(KINDS[name], str(value)) for name, value in span.attributes.items() if name in KINDS and value]
        if own and not (span.error and span.name == "invoice.posted"):
            names |= {key_hash(key): key for key in own}
            edges.append(corrections.joining(tuple(key_hash(key) for key in own)))
    seen = {key for edge in edges for key in edge}
    roots = plain_components([*edges, *corrections.edges])
    groups: dict[bytes, set[Key]] = {}
    for key in seen:
        groups.setdefault(roots[key], set()).add(names[key])
    return sorted(sorted((key.type, key.value) for key in corrections.known_as(group)) for group in groups.values())


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=histories(), same=many, apart=many, seed=st.integers(0, 2**32))
def test_events_and_corrections_in_any_order_give_what_they_give_at_once(
    spans: list[SpanData],
    same: set[tuple[tuple[str, str], tuple[str, str]]],
    apart: set[tuple[tuple[str, str], tuple[str, str]]],
    seed: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def corrections(*pairs: set[tuple[tuple[str, str], tuple[str, str]]]) -> Corrections:
        one, other = (frozenset((Key(*a), Key(*b)) for a, b in two) for two in pairs)
        return Corrections(one, other)

    plan, final = Random(seed), corrections(same, apart)
    with Store(f"chdb://{tmp_path_factory.mktemp('corrections')}") as store:
        migrate(store)
        told, worker = insert_settings(store), Correlator(store)
        worker.resume()
        for span in plan.sample(spans, k=len(spans)):
            some = [{pair for pair in two if plan.random() < 0.5} for two in (same, apart)]
            corrected(worker, corrections(*some))
            store.insert_raw("otlp_landing", body([span]), "ProtobufSingle", told)
            if plan.random() < 0.7:
                worker.work()
        corrected(worker, final)
        found = sorted(sorted(tuple(key) for key in one.keys) for one in answers(store, worker))
        assert found == plain(spans, final)


def test_parts_go_with_the_invoice_that_they_are_of_when_it_is_taken_apart(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    part = Settles("part", once_per="payment")
    back = Step("refunded", "billing", Match(span="invoice.refunded"), settles=replace(part, takes_back=True))
    steps = (*DEFINITION.steps[:2], replace(DEFINITION.steps[2], settles=part), back)
    settling = replace(DEFINITION, steps=steps, links=(("payment", "payment.id"),))
    corrected(correlator, NOTHING, settling)
    whole = {"amount": "100", "currency": "EUR"}
    insert(
        [
            invoice(1, "invoice.finalized", 1, billing_id="a", **whole),
            invoice(2, "invoice.finalized", 2, erp_id="c", **whole | {"amount": "60"}),
            # It names both, and is the first one's once they are apart.
            invoice(3, "invoice.paid", 3, billing_id="a", erp_id="c", payment_id="p_1", part="100", currency="EUR"),
            invoice(4, "invoice.paid", 4, erp_id="c", payment_id="p_1", part="60", currency="EUR"),
            invoice(5, "invoice.refunded", 5, billing_id="a", payment_id="p_1", part="30", currency="EUR"),
        ]
    )
    correlator.work()
    assert sums(answers(store, correlator)) == [("running", "70", "30", ["finalized", "paid", "refunded"])]
    corrected(correlator, Corrections(apart=frozenset({(A, C)})), settling)
    assert sums(answers(store, correlator)) == [
        ("completed", "60", "0", ["finalized", "paid"]),
        ("running", "70", "30", ["finalized", "paid", "refunded"]),
    ]
    corrected(correlator, NOTHING, settling)
    assert sums(answers(store, correlator)) == [("running", "70", "30", ["finalized", "paid", "refunded"])]


def sums(found: list[Instance]) -> list[tuple[str, str, str, list[str]]]:
    """State, what is settled, what is open, and the steps that were reached."""
    told = []
    for one in found:
        assert one.settlement is not None
        assert one.settlement.total is not None
        assert one.settlement.open is not None
        told.append((one.state, str(one.settlement.total.value), str(one.settlement.open.value), list(one.reached)))
    return sorted(told)
