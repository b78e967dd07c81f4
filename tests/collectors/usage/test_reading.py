"""Who called an API, told from spans of several instrumentations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.store.client import Store
from collectors.usage.reading import ApiUsage, Count, Usage, api_usage
from registry.kinds.api import APISpec
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData

DAY = 86_400
SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5
API = APISpec.model_validate(
    {
        "system": "hub",
        "protocol": "rest",
        "versions": [
            {"version": "v1", "calls": [{"host": "hub.example", "path": "/v1/*"}]},
            {"version": "v2", "calls": [{"service": "hub", "path": "/v2/*"}]},
        ],
        "calls": [{"attributes": {"api.name": "hub"}}],
    }
)


def span(ident: int, service: str, kind: int, start: float = 0.0, **more: Any) -> SpanData:
    return SpanData("call", ident, start, 0.1, resource={"service.name": service}, kind=kind, trace=1, **more)


def usage(store: Store, api: APISpec = API, days: int = 30) -> ApiUsage:
    return api_usage(store, api, T0 - SECOND, T0 + days * DAY * SECOND)


def told(found: ApiUsage) -> list[tuple[str, str, int, int]]:
    return [(one.service, one.version, one.calls, one.errors) for one in found.consumers]


V1 = {"server.address": "hub.example", "url.full": "https://hub.example/v1/customers/7", "http.request.method": "GET"}
V2 = {"http.route": "/v2/customers/{id}", "http.request.method": "GET"}


def test_calls_are_counted_by_caller_version_operation_and_day(store: Store, insert: Insert) -> None:
    insert(
        [
            span(1, "poster", CLIENT, attributes=V1 | {"url.template": "/v1/customers/{id}"}),
            span(2, "poster", CLIENT, DAY, attributes=V1 | {"url.template": "/v1/customers/{id}"}, error=True),
            span(3, "crm", CLIENT, 60, attributes={"http.url": "https://hub.example:8443/v1/deals?page=2"}),
            span(4, "crm", CLIENT, 60, attributes=V1 | {"server.address": "elsewhere.example"}),
            span(5, "crm", PRODUCER, 60, attributes=V1),
        ]
    )
    found = usage(store)
    assert told(found) == [("poster", "v1", 2, 1), ("crm", "v1", 1, 0)]
    poster = found.consumers[0]
    first, second = T0, T0 + DAY * SECOND
    assert poster.days == {date(2026, 5, 16): Count(1, 0, first), date(2026, 5, 17): Count(1, 1, second)}
    assert poster.operations == {"GET /v1/customers/{id}": Count(2, 1, second)}
    assert poster.last_at == second
    assert (found.calls, found.spans, found.first_at, found.recognised) == (3, 5, T0, True)


def test_a_call_that_both_sides_trace_is_one_call_of_the_caller(store: Store, insert: Insert) -> None:
    called = {"server.address": "hub.example", "url.full": "https://hub.example/v2/customers/7", "api.name": "hub"}
    insert([span(1, "poster", CLIENT, attributes=called)])
    received = SpanData(
        "GET /v2", 2, 0.01, 0.05, V2, {"service.name": "hub"}, kind=SERVER, trace=1, error=True, parent=1
    )
    insert([received])
    found = usage(store)
    assert told(found) == [("poster", "v2", 1, 1)]
    assert list(found.consumers[0].operations) == ["GET /v2/customers/{id}"]


def test_a_caller_that_sends_no_traces_is_told_as_unknown(store: Store, insert: Insert) -> None:
    insert([span(2, "hub", SERVER, attributes=V2), span(3, "hub", SERVER, attributes=V2, parent=99)])
    assert told(usage(store)) == [("", "v2", 2, 0)]


def test_a_call_that_does_not_tell_its_version_has_none(store: Store, insert: Insert) -> None:
    insert([span(1, "crm", CLIENT, attributes={"api.name": "hub"})])
    assert told(usage(store)) == [("crm", "", 1, 0)]
    alone = APISpec.model_validate(
        {
            "system": "hub",
            "protocol": "rest",
            "versions": [{"version": "v7"}],
            "calls": [{"attributes": {"api.name": "*"}}],
        }
    )
    assert told(usage(store, alone)) == [("crm", "v7", 1, 0)]


@pytest.mark.parametrize(
    ("call", "attributes", "operation"),
    [
        ({"operation": "Post"}, {"rpc.service": "ledger.Books", "rpc.method": "Post"}, "ledger.Books/Post"),
        ({"operation": "ledger.Books/*"}, {"rpc.service": "ledger.Books", "rpc.method": "Post"}, "ledger.Books/Post"),
        ({"operation": "getInvoice"}, {"graphql.operation.name": "getInvoice"}, "getInvoice"),
        ({"operation": "call"}, {}, "call"),
        ({"path": "/old"}, {"http.target": "/old?x=1", "http.method": "PUT"}, "call"),
        ({"path": "/v1/{id}"}, {"http.route": "/v1/{id}", "http.method": "PUT"}, "PUT /v1/{id}"),
        ({"host": "old.example"}, {"net.peer.name": "old.example"}, "call"),
        ({"host": "old.example"}, {"http.host": "old.example:8080"}, "call"),
        ({"service": "cr?", "attributes": {"a": "1"}}, {"a": 1}, None),
        ({"service": "cr*", "attributes": {"a": "1"}}, {"a": 1}, "call"),
        (
            {"operation": "it's 100% {a:String}*"},
            {"graphql.operation.name": "it's 100% {a:String}\\"},
            "it's 100% {a:String}\\",
        ),
    ],
)
def test_every_instrumentation_is_understood(
    store: Store, insert: Insert, call: dict[str, Any], attributes: dict[str, Any], operation: str | None
) -> None:
    insert([span(1, "crm", CLIENT, attributes=attributes)])
    api = APISpec.model_validate({"system": "x", "protocol": "rest", "versions": [{"version": "1", "calls": [call]}]})
    found = usage(store, api)
    assert [name for one in found.consumers for name in one.operations] == ([operation] if operation else [])


def test_a_message_is_a_call_of_whoever_reads_it(store: Store, insert: Insert) -> None:
    about = {"messaging.destination.name": "erp.invoices"}
    insert([span(1, "hub", PRODUCER, attributes=about), span(2, "poster", CONSUMER, attributes=about, parent=1)])
    api = APISpec.model_validate(
        {"system": "hub", "protocol": "event", "versions": [{"version": "1", "calls": [{"destination": "erp.*"}]}]}
    )
    found = usage(store, api)
    assert told(found) == [("poster", "1", 1, 0)]
    assert list(found.consumers[0].operations) == ["erp.invoices"]


def test_what_is_outside_the_time_or_not_described_is_not_told(store: Store, insert: Insert) -> None:
    assert usage(store) == ApiUsage(T0 - SECOND, T0 + 30 * DAY * SECOND, 0, None, recognised=True)
    insert([span(1, "crm", CLIENT, attributes=V1), span(2, "crm", CLIENT, DAY, attributes=V1)])
    assert usage(store, days=1).calls == 1
    silent = APISpec.model_validate({"system": "hub", "protocol": "rest", "versions": [{"version": "1"}]})
    found = usage(store, silent)
    assert (found.recognised, found.calls, found.spans) == (False, 0, 2)


CALLS = [
    *(span(number, "poster", CLIENT, number * 3_600.0, attributes=V1) for number in range(1, 6)),
    *(span(number, "hub", SERVER, number * 3_600.0, attributes=V2, parent=number - 5) for number in range(6, 11)),
]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(CALLS), again=st.sets(st.sampled_from(range(len(CALLS)))))
def test_order_and_repetition_change_nothing(
    store: Store, insert: Insert, order: list[SpanData], again: set[int]
) -> None:
    store.command("TRUNCATE TABLE spans")
    for one in [*order, *(CALLS[number] for number in sorted(again))]:
        insert([one])
    found = usage(store)
    # Each server span is the child of a client span, so these are five calls, of what their receiver says.
    assert told(found) == [("poster", "v2", 5, 0)]


def test_what_waits_to_be_stored_is_stored_before_anybody_looks(store: Store, insert: Insert) -> None:
    waiting = [span(1, "poster", CLIENT, attributes=V1)]

    def flush() -> None:
        while waiting:
            insert([waiting.pop()])

    window = (T0 - SECOND, T0 + DAY * SECOND)
    looking = Usage(store, before=flush)
    assert looking.api(API, *window).calls == 1
    waiting.append(span(2, "poster", CLIENT, attributes=V1))
    assert [one.calls for one in looking.hops({"hub": API}, *window)] == [2]
    waiting.append(span(3, "crm", CLIENT, attributes=V1))
    assert "crm" in {one.service for one in looking.examples(API, window, frozenset(), frozenset({"crm"}))}
