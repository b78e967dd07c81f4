"""Traces across queues: links both ways, and the objects that any span served."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.correlation.correlator import Correlator
from collectors.ingest import insert_settings
from collectors.store import migrate
from collectors.store.client import Store
from collectors.timelines.finding import SpanPlace
from collectors.timelines.links import links_of
from collectors.timelines.reading import Timelines
from collectors.timelines.searching import find_span
from collectors.timelines.served import keys_served
from collectors.workflows.definition import Definition, Match, Step
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData, body

STORES = ("chdb", "cluster")

DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice", "invoice.id"), ("number", "invoice.number")),
    steps=(Step("finalized", "stripe", Match(span="finalize")), Step("posted", "netsuite", Match(span="post"))),
)
QUEUE = {"messaging.system": "kafka", "messaging.destination.name": "invoices", "messaging.operation.type": "send"}


def spans() -> list[SpanData]:
    """Trace 1 finalises and sends, trace 2 receives and posts, trace 3 reads both; 4 only carries an id, 5 nothing."""
    return [
        SpanData("finalize", 11, 1, 1, {"invoice.id": "in_1"}, trace=1),
        SpanData("send", 12, 2, 1, QUEUE, trace=1, kind=4),
        SpanData(
            "process", 21, 5, 1, QUEUE | {"messaging.operation.type": "process"}, trace=2, kind=5, links=((1, 12),)
        ),
        SpanData("post", 22, 6, 1, {"invoice.id": "in_1", "invoice.number": "N-1"}, trace=2),
        SpanData("log", 23, 7, 1, trace=2),
        SpanData("audit", 31, 9, 1, trace=3, kind=5, links=((2, 21), (99, 1), (3, 31))),
        SpanData("render", 41, 9, 1, {"baggage.invoice.number": "N-1"}, trace=4),
        SpanData("idle", 51, 9, 1, trace=5),
    ]


@pytest.fixture
def timelines(store: Store, insert: Insert, correlator: Correlator) -> Timelines:
    correlator.define([DEFINITION])
    insert(spans())
    insert(spans()[:3])
    correlator.work()
    return Timelines(store, lambda: correlator.active)


def trace(number: int) -> str:
    return f"{number:032x}"


def test_links_are_read_both_ways_and_each_once(store: Store, timelines: Timelines) -> None:
    first, second, third = (links_of(store, trace(number)) for number in (1, 2, 3))
    assert first.comes_from == ()
    (there,) = first.continues_in
    assert (there.trace_id, there.span_id, there.own_span_id) == (trace(2), f"{21:016x}", f"{12:016x}")
    assert (there.name, there.kind, there.service) == ("process", "consumer", "billing-sync")
    assert (there.system, there.destination, there.operation) == ("kafka", "invoices", "process")
    assert there.start == T0 + 5 * SECOND
    assert [(one.trace_id, one.name) for one in second.comes_from] == [(trace(1), "send")]
    assert [(one.trace_id, one.name) for one in second.continues_in] == [(trace(3), "audit")]
    # A link to itself is none; one to a span that has not come is there without details.
    assert [(one.trace_id, one.known) for one in third.comes_from] == [(trace(99), False), (trace(2), True)]


def test_any_span_leads_to_what_it_served(store: Store, timelines: Timelines) -> None:
    wanted = {(1, 11): "span", (1, 12): "trace", (2, 23): "trace", (3, 31): "link", (4, 41): "carried", (5, 51): None}
    (invoice,) = timelines.search("in_1")
    for (number, span), how in wanted.items():
        found = keys_served(store, [DEFINITION], SpanPlace(trace(number), f"{span:016x}"))
        assert (found[0].how if found else None) == how, (number, span)
        hits = timelines.of_keys((one.definition, one.key) for one in found)
        assert [hit.instance.id for hit in hits] == ([invoice.instance.id] if how else [])


def test_one_box_takes_any_id(timelines: Timelines) -> None:
    texts = (
        "in_1", "https://x.example.com/IN_1?tab=n", "IN_1", ' "in_1" ', "https://dashboard.stripe.com/invoices/in_1", "n-1", "N", trace(2), trace(2).upper(),
        f"{11:016x}", f"{23:016x}", f"{31:016x}", f"00-{trace(3)}-{31:016x}-01", trace(4),
    )  # fmt: skip
    for text in texts:
        assert [("invoice", "in_1") in hit.instance.keys for hit in timelines.search(text)] == [True], text


def test_what_is_not_there_is_not_found(timelines: Timelines) -> None:
    for text in (
        "",
        "in_2",
        "%",
        "https://x.example.com/in?id=n",
        "_n_1",
        trace(5),
        trace(77),
        f"{51:016x}",
        f"{77:016x}",
        "\0",
    ):
        assert timelines.search(text) == [], text


def test_a_span_is_found_with_its_trace(store: Store, timelines: Timelines) -> None:
    assert find_span(store, ["x", f"{51:016x}"]) == SpanPlace(trace(5), f"{51:016x}")
    assert find_span(store, [trace(5)]) == SpanPlace(trace(5), "")
    assert find_span(store, [trace(77), "in_1"]) is None


def test_links_that_were_stored_before_are_read_backwards_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_of_them = list(migrate.migrations())
    with Store(f"chdb://{tmp_path}/chdb") as store:
        monkeypatch.setattr(migrate, "migrations", lambda: all_of_them[:5])
        migrate.migrate(store)
        store.insert_raw("otlp_landing", body(spans()), "ProtobufSingle", insert_settings(store))
        monkeypatch.setattr(migrate, "migrations", lambda: all_of_them)
        assert "0006_span_links" in migrate.migrate(store)
        assert [one.name for one in links_of(store, trace(1)).continues_in] == ["process"]
        assert find_span(store, [f"{51:016x}"]) == SpanPlace(trace(5), f"{51:016x}")
