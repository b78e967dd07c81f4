from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest

from collectors.events.model import CloudEvent
from collectors.events.spans import request_of
from collectors.ingest import insert_settings
from collectors.store.client import Store
from collectors.workflows.definition import Definition, Match, Settles, Step
from collectors.workflows.matching import quote, span_milestones
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData, request


def definition(match: Match, **fields: object) -> Definition:
    step = Step("reached", "stripe", match)
    given = {"keys": (("invoice", "invoice.id"),), "steps": (step,), **fields}
    return Definition(workflow="w", object="invoice", **given)  # type: ignore[arg-type] # the test's own fields


SPANS = [
    SpanData("invoice.post", 1, kind=3, attributes={"invoice.id": "in_1", "http.request.method": "POST", "rate": 100}),
    SpanData("invoice.post", 2, error=True, attributes={"invoice.id": "in_2", "flag": True}),
    SpanData("invoice_post", 3, attributes={"invoice.id": "in_3"}, resource={"service.name": "erp", "region": "eu"}),
    SpanData("50% off\\", 4, attributes={"invoice.id": "in_4", "text": "it's\n100%"}),
    SpanData("invoice.post", 5, attributes={"other.id": "x"}),
    SpanData(
        "invoice.post",
        6,
        attributes={"invoice.id": ""},
        resource={"service.name": "billing-sync", "invoice.id": "in_6"},
    ),
    SpanData("invoice.post", 7, attributes={"invoice.id": ["in_7", "in_8"]}),
    SpanData("invoice.post", 8, attributes={"invoice.id": "  "}),
    SpanData("invoice.post", 9, attributes={"invoice.id": "x" * 501}),
]


@pytest.mark.parametrize(
    ("match", "found"),
    [
        (Match(span="invoice.post"), {1, 2, 6}),
        (Match(span="invoice?post"), set()),
        (Match(span="invoice*post"), {1, 2, 3, 6}),
        (Match(span="*"), {1, 2, 3, 4, 6}),
        (Match(span="50% off\\"), {4}),
        (Match(span="50%*\\"), {4}),
        (Match(span="50_*"), set()),
        (Match(span="*.post", status="ok"), {1, 6}),
        (Match(span="*", status="error"), {2}),
        (Match(span="*", kind="client"), {1}),
        (Match(service="erp"), {3}),
        (Match(service="billing-*", span="invoice.*"), {1, 2, 6}),
        (Match(attributes={"http.request.method": "POST"}), {1}),
        (Match(attributes={"http.request.method": "*"}), {1}),
        (Match(attributes={"rate": "100"}), {1}),
        (Match(attributes={"flag": "true"}), {2}),
        (Match(attributes={"region": "eu"}), {3}),
        (Match(attributes={"text": "it's\n100%"}), {4}),
        (Match(attributes={"text": "it's*"}), {4}),
        (Match(attributes={"missing": "*"}), set()),
    ],
)
def test_conditions_hold_together(store: Store, insert: Insert, match: Match, found: set[int]) -> None:
    insert(SPANS)
    select = span_milestones(definition(match))
    rows = store.query(f"SELECT span_id FROM ({select})")
    assert {int.from_bytes(row[0], "big") for row in rows} == found


def _events(*events: CloudEvent) -> Iterator[bytes]:
    for event in events:
        yield request_of([event], T0).SerializeToString()


@pytest.fixture
def with_events(store: Store, insert: Insert) -> None:
    """Two CloudEvents, a span of the same name, and spans with events on them."""
    paid = CloudEvent("evt-1", "/billing", "invoice.paid", time=T0 + 5 * SECOND, data={"invoice": {"id": "in_1"}})
    other = replace(paid, id="evt-2", type="invoice.voided", data={"invoice.id": "in_2", "reason": "typo"})
    for one in _events(paid, other):
        store.insert_raw("otlp_landing", one, "ProtobufSingle", insert_settings(store))
    on_it = (("invoice.paid", {"invoice.id": "in_4"}), ("retry", {}), ("invoice.paid", {"reason": "again"}))
    insert(
        [
            SpanData("invoice.paid", 3, attributes={"invoice.id": "in_3"}),
            SpanData("sync", 4, 10, 2, attributes={"invoice.id": "in_5"}, events=on_it),
            SpanData("sync", 6, attributes={"invoice.id": "in_6"}, events=(("retry", {}),)),
        ]
    )


@pytest.mark.usefixtures("with_events")
@pytest.mark.parametrize(
    ("match", "found"),
    [
        (Match(event="invoice.paid"), [("event", "in_1", 5), ("event", "in_4", 12), ("event", "in_5", 12)]),
        (Match(event="invoice.paid", service="/billing"), [("event", "in_1", 5)]),
        (Match(event="*", attributes={"reason": "typo"}), [("event", "in_2", 5)]),
        (Match(event="invoice.*", attributes={"data.reason": "*"}), [("event", "in_2", 5)]),
        (Match(event="invoice.paid", attributes={"reason": "again"}), [("event", "in_5", 12)]),
        (Match(event="invoice.paid", status="error"), []),
        (Match(event="retry"), [("event", "in_5", 12), ("event", "in_6", 0)]),
        (Match(span="invoice.paid"), [("span", "in_3", 0)]),
        (Match(attributes={"invoice.id": "in_1"}), [("event", "in_1", 5)]),
    ],
)
def test_a_step_for_events_finds_cloudevents_and_those_on_spans(
    store: Store, match: Match, found: list[tuple[str, str, int]]
) -> None:
    select = span_milestones(definition(match))
    query = f"SELECT source, keys[1].2 AS id, toUnixTimestamp64Nano(occurred_at) FROM ({select}) ORDER BY id"
    assert [(source, ident, (at - T0) // SECOND) for source, ident, at in store.query(query)] == found


@pytest.mark.parametrize(("at", "seconds"), [("start", 10), ("end", 12)])
def test_an_event_that_says_no_time_has_its_spans(store: Store, at: Literal["start", "end"], seconds: int) -> None:
    on_it = (("paid", {"invoice.id": "in_1"}), ("paid", {"invoice.id": "in_2"}))
    message = request([SpanData("sync", 1, 10, 2, events=on_it)])
    first, second = message.resource_spans[0].scope_spans[0].spans[0].events
    first.time_unix_nano = 0
    second.time_unix_nano = T0 + 11 * SECOND
    store.insert_raw("otlp_landing", message.SerializeToString(), "ProtobufSingle", insert_settings(store))
    select = span_milestones(definition(Match(), steps=(Step("paid", "stripe", Match(event="paid"), at=at),)))
    query = f"SELECT keys[1].2 AS id, toUnixTimestamp64Nano(occurred_at) FROM ({select}) ORDER BY id"
    assert [(ident, (when - T0) // SECOND) for ident, when in store.query(query)] == [("in_1", seconds), ("in_2", 11)]


@pytest.mark.usefixtures("with_events")
def test_what_an_event_says_comes_before_what_its_span_does(store: Store) -> None:
    whole = definition(Match(event="invoice.paid"), keys=(("invoice", "data.invoice.id"), ("invoice", "invoice.id")))
    rows = store.query(f"SELECT name, keys, service FROM ({span_milestones(whole)}) ORDER BY keys")
    assert [tuple(row) for row in rows] == [
        ("invoice.paid", [("invoice", "in_1"), ("invoice", "in_1")], "/billing"),
        ("invoice.paid", [("invoice", "in_4")], "billing-sync"),
        ("invoice.paid", [("invoice", "in_5")], "billing-sync"),
    ]


def test_what_a_milestone_takes_from_a_span(store: Store, insert: Insert) -> None:
    steps = (Step("asked", "crm", Match(span="post"), at="start"), Step("posted", "erp", Match(span="po*")))
    whole = definition(
        Match(),
        steps=steps,
        keys=(("invoice", "invoice.id"), ("number", "invoice.number")),
        dimensions=(("entity", "business.entity"), ("region", "business.region")),
        amount="invoice.amount",
        currency="invoice.currency",
    )
    attributes = {"invoice.id": "in_1", "invoice.number": 7, "invoice.amount": 12.5, "business.entity": "DE01"}
    resource = {"service.name": "erp-poster", "invoice.currency": "EUR"}
    insert([SpanData("post", 9, 10, 2.5, attributes, resource, error=True, message="period is closed")])
    rows = store.query(
        "SELECT step, system, toUnixTimestamp64Nano(occurred_at) % 100000000000 AS at, status, keys, amount, currency, "
        f"dimensions, service, message, duration FROM ({span_milestones(whole)}) ORDER BY step"
    )
    shared = (
        "error", [("invoice", "in_1"), ("number", "7")], "12.5", "EUR", [("entity", "DE01")], "erp-poster",
        "period is closed", 2_500_000_000,
    )  # fmt: skip
    assert [tuple(row) for row in rows] == [
        ("asked", "crm", 10_000_000_000, *shared),
        ("posted", "erp", 12_500_000_000, *shared),
    ]


@pytest.mark.usefixtures("with_events")
def test_a_step_that_settles_takes_its_part_from_attributes_of_its_own(store: Store, insert: Insert) -> None:
    steps = (
        Step("posted", "erp", Match(span="post")),
        Step("paid", "stripe", Match(span="pay"), settles=Settles("payment.amount", "payment.currency")),
        Step("credited", "erp", Match(event="credited"), settles=Settles("credit.amount")),
    )
    whole = definition(Match(), steps=steps, amount="invoice.amount", currency="invoice.currency")
    # Each says all of it: what counts is what its step is about.
    said = {
        "invoice.id": "in_1", "invoice.amount": "100.00", "invoice.currency": "EUR", "payment.amount": "40.00",
        "payment.currency": "USD", "credit.amount": "9.50",
    }  # fmt: skip
    on_it = (("credited", {"credit.amount": "8.50"}),)
    insert([SpanData("post", 11, 1, attributes=said), SpanData("pay", 12, 2, attributes=said, events=on_it)])
    rows = store.query(f"SELECT step, amount, currency FROM ({span_milestones(whole)}) ORDER BY step")
    assert [tuple(row) for row in rows] == [
        ("credited", "8.50", "EUR"), ("paid", "40.00", "USD"), ("posted", "100.00", "EUR")
    ]  # fmt: skip
    # Without events on spans the same is said in another way.
    plain = replace(whole, steps=steps[:2])
    rows = store.query(f"SELECT step, amount FROM ({span_milestones(plain)}) ORDER BY step")
    assert [tuple(row) for row in rows] == [("paid", "40.00"), ("posted", "100.00")]


RAISED = ("exception", {"exception.type": "java.net.SocketTimeoutException"})
RAISED_BEFORE = ("exception", {"exception.type": "RetryableError"})


@pytest.mark.parametrize(
    ("attributes", "events", "wanted"),
    [
        ({"error.type": "USER_ERROR", "http.response.status_code": 400}, (RAISED,), "USER_ERROR"),
        ({"error.type": "  "}, (RAISED_BEFORE, ("log", {"exception.type": "x"}), RAISED), RAISED[1]["exception.type"]),
        ({"error.type": ["a", "b"], "exception.type": "KeyError"}, (), "KeyError"),
        ({"error.type": "x" * 501, "http.response.status_code": 503}, (), "503"),
        ({"http.status_code": 404}, (("exception", {"exception.message": "no type"}),), "404"),
        ({"http.response.status_code": 200, "rpc.grpc.status_code": 14}, (), "14"),
        ({"http.response.status_code": 302}, (), ""),
        ({"rpc.response.status_code": "UNAVAILABLE", "rpc.grpc.status_code": 4}, (), "UNAVAILABLE"),
        ({"rpc.grpc.status_code": 0}, (), ""),
        ({"http.response.status_code": "teapot"}, (), ""),
        ({}, (), ""),
    ],
)
def test_the_kind_of_an_error_is_what_the_span_says_most_closely(
    store: Store,
    insert: Insert,
    attributes: dict[str, object],
    events: tuple[tuple[str, dict[str, object]], ...],
    wanted: str,
) -> None:
    about = {"invoice.id": "in_1", **attributes}
    insert(
        [
            SpanData("p", 1, attributes=about, events=events, error=True),
            SpanData("p", 2, attributes=about, events=events),
        ]
    )
    rows = store.query(f"SELECT error_type FROM ({span_milestones(definition(Match(span='p')))}) ORDER BY span_id")
    assert [row[0] for row in rows] == [wanted, ""], "what worked met no error, whatever it says"


def test_a_reading_by_earlier_rules_keeps_its_id_and_the_same_declaration_is_another() -> None:
    now = definition(Match(span="a"))
    before = now.to_json().replace(f'"reader":{now.reader},', "")
    assert before != now.to_json()
    earlier = Definition.from_json(before)
    assert earlier.reader == 1
    assert earlier.id == "b603f111370b8d57"
    assert earlier.id != now.id


@pytest.mark.parametrize("text", ["", "'", "\\", "\\'", "a\nb", "\0", "ü€😀", "'; DROP TABLE spans; --", "%_*?"])
def test_a_literal_comes_back_as_it_was(store: Store, text: str) -> None:
    assert store.query(f"SELECT {quote(text)}")[0][0] == text


def test_an_id_follows_what_is_read_and_not_its_titles() -> None:
    one = definition(Match(span="a"), title="One")
    assert one.id == definition(Match(span="a"), title="Other").id
    assert one.id != definition(Match(span="b")).id
    assert one.id != definition(Match(span="a"), completes=frozenset({"reached"})).id
    assert Definition.from_json(one.to_json()) == one
