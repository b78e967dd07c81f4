"""A trace as it is read: each span once, long ones cut but for what was asked for."""

from __future__ import annotations

from collectors.store.client import Store
from collectors.timelines import traces
from collectors.timelines.traces import read_trace
from tests.collectors.conftest import Insert
from tests.collectors.spans import SpanData

TRACE = f"{7:032x}"


def at(ident: int) -> str:
    return f"{ident:016x}"


def test_of_a_trace_that_is_too_long_the_span_that_is_wanted_is_there_with_those_above_it(
    store: Store, insert: Insert
) -> None:
    long = traces.LIMIT + 1_000
    insert(
        SpanData(
            "x", number, number, 1, parent=number - 1 if number > long - 2 else None, trace=7, error=number == long
        )
        for number in range(1, long + 1)
    )
    first = read_trace(store, TRACE)
    wanted = read_trace(store, TRACE.upper(), at(long).upper())
    assert first is not None
    assert wanted is not None
    assert (len(first.spans), first.total, first.failed) == (traces.LIMIT, long, 1)
    assert [one.span_id for one in wanted.spans[traces.LIMIT :]] == [at(long - 2), at(long - 1), at(long)]
    assert (wanted.start, wanted.end, wanted.services) == (first.start, first.start + long * 10**9, ("billing-sync",))
    for other in (at(long + 1), "x", at(1)):
        again = read_trace(store, TRACE, other)
        assert again is not None
        assert again.spans == first.spans


def test_an_id_that_a_caller_and_a_receiver_share_is_two_spans_and_a_repetition_is_one(
    store: Store, insert: Insert
) -> None:
    shared = [
        SpanData("GET", 1, 0, 2, kind=3, trace=7, resource={"service.name": "crm"}),
        SpanData("GET /invoices", 1, 0.5, 1, kind=2, trace=7, resource={"service.name": "billing"}),
    ]
    insert(shared)
    insert(shared)
    found = read_trace(store, TRACE)
    assert found is not None
    assert [(one.name, one.kind, one.service) for one in found.spans] == [
        ("GET", "client", "crm"),
        ("GET /invoices", "server", "billing"),
    ]
    assert found.total == 2


def test_of_two_versions_of_a_span_one_is_told_whichever_came_first(store: Store, insert: Insert) -> None:
    versions = [SpanData("x", 1, 0, 1, {"a": text}, trace=7) for text in ("1", "2")]
    insert(versions)
    insert([SpanData("y", 2, 0, 1, {"a": text}, trace=8) for text in ("2", "1")])
    one, other = read_trace(store, TRACE), read_trace(store, f"{8:032x}")
    assert one is not None
    assert other is not None
    assert len(one.spans) == 1
    assert one.spans[0].attributes == other.spans[0].attributes


def test_what_is_no_trace_is_none(store: Store) -> None:
    for text in ("", "x", "0" * 31, "g" * 32, TRACE, "' OR 1"):
        assert read_trace(store, text) is None
