"""From any span to the objects that it served, where a trace serves many."""

from __future__ import annotations

import pytest

from collectors.correlation.correlator import Correlator
from collectors.store.client import Store
from collectors.timelines.context import Connected, Traces
from collectors.timelines.reading import Timelines
from collectors.timelines.served import LIMIT, baggage
from collectors.workflows.definition import Definition, Match, Step
from tests.collectors.conftest import Insert
from tests.collectors.spans import SpanData

DEFINITION = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice", "invoice.id"), ("number", "invoice.number")),
    steps=(Step("posted", "netsuite", Match(span="post")), Step("checked", "netsuite", Match(span="check"))),
)
BATCH, OTHER = 1, 2


def at(ident: int) -> str:
    return f"{ident:016x}"


def traced(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def traces(store: Store, correlator: Correlator) -> Traces:
    correlator.define([DEFINITION])
    return Traces(store, Timelines(store, lambda: correlator.active))


def near(traces: Traces, span: int, trace: int = BATCH) -> list[tuple[str, str]]:
    found = traces.context(traced(trace), at(span)).objects
    assert [one.near for one in found] == sorted((one.near for one in found), reverse=True)
    return [(invoice(one), one.how) for one in found if one.near]


def invoice(one: Connected) -> str:
    return next(key.value for key in one.instance.keys if key.type == "invoice")


def test_a_span_is_told_its_own_object_before_those_of_the_rest_of_its_trace(
    traces: Traces, insert: Insert, correlator: Correlator
) -> None:
    spans = [SpanData("batch", 1, trace=BATCH)]
    for number in range(1, 51):
        spans += [
            SpanData("one message", 100 + number, number, parent=1, trace=BATCH),
            SpanData("post", 200 + number, number, 1, {"invoice.id": f"in_{number}"}, parent=100 + number, trace=BATCH),
            SpanData("INSERT", 300 + number, number, parent=200 + number, trace=BATCH),
        ]
    insert(spans)
    correlator.work()
    assert near(traces, 207) == [("in_7", "span")]
    assert near(traces, 307) == [("in_7", "trace")]
    assert near(traces, 107) == [("in_7", "trace")]
    assert len(near(traces, 1)) == 50
    whole = traces.context(traced(BATCH))
    assert len(whole.objects) == 50
    assert not any(one.near for one in whole.objects)
    assert (at(207), "invoice-to-cash", "posted") in whole.steps
    assert len(whole.steps) == 50


def test_the_closest_is_told_of_however_many(traces: Traces, insert: Insert, correlator: Correlator) -> None:
    insert(
        SpanData("post", number, number, 1, {"invoice.id": f"in_{number:05d}"}, trace=BATCH)
        for number in range(1, 3_001)
    )
    correlator.work()
    found = traces.context(traced(BATCH), at(2_999))
    assert (invoice(found.objects[0]), found.objects[0].how) == ("in_02999", "span")
    assert (len(found.objects), found.more, len(found.steps)) == (LIMIT, True, 3_000)


def test_baggage_is_read_under_any_name_and_from_the_header_itself(
    traces: Traces, insert: Insert, correlator: Correlator
) -> None:
    header = "http.request.header.baggage"
    insert(
        [
            SpanData("post", 1, 1, 1, {"invoice.id": "in_1", "invoice.number": "N 1/2"}, trace=OTHER),
            SpanData("plain", 11, trace=11, attributes={"invoice.number": "N 1/2"}),
            SpanData("prefixed", 12, trace=12, attributes={"baggage.invoice.id": "in_1"}),
            SpanData("text", 13, trace=13, attributes={header: "tenant=x,invoice.number=N%201%2F2;ttl=1"}),
            SpanData("list", 14, trace=14, attributes={header: ["tenant=x", "invoice.id=in_1 , a=b"]}),
            SpanData("other", 15, trace=15, attributes={header: "invoice.idx=in_1,=in_1,invoice.id"}),
        ]
    )
    correlator.work()
    for number in (11, 12, 13, 14):
        assert near(traces, number, number) == [("in_1", "carried")], number
    assert traces.context(traced(15), at(15)).objects == ()


def test_a_milestone_three_queues_away_is_found(traces: Traces, insert: Insert, correlator: Correlator) -> None:
    insert(
        [
            SpanData("order", 1, trace=1, kind=4),
            SpanData("enrich", 2, trace=2, kind=5, links=((1, 1),)),
            SpanData("route", 3, trace=3, kind=5, links=((2, 2),)),
            SpanData("post", 4, 9, 1, {"invoice.id": "in_1"}, trace=4, kind=5, links=((3, 3),)),
            SpanData("report", 5, 20, trace=5, kind=5, links=((4, 4),)),
        ]
    )
    correlator.work()
    for number in (1, 2, 3, 5):
        (one,) = traces.context(traced(number), at(number)).objects
        assert (invoice(one), one.how, one.near, one.span_id) == ("in_1", "link", False, at(4)), number


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", []),
        ("a=1", [("a", "1")]),
        (" a = 1 ;p=2, b=x%2Cy", [("a", "1"), ("b", "x,y")]),
        ('["a=1","b=2,c=3"]', [("a", "1"), ("b", "2"), ("c", "3")]),
        ("a,=1,b=", []),
        ("a=%zz", [("a", "%zz")]),
    ],
)
def test_a_baggage_header_is_read_as_the_standard_says(header: str, found: list[tuple[str, str]]) -> None:
    assert list(baggage(header)) == found
