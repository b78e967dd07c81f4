"""Which service calls which, by request and by message."""

from __future__ import annotations

from typing import Any

from collectors.store.client import Store
from collectors.usage.hops import Hop, hops
from registry.kinds.api import APISpec
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData

SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5
HUB = APISpec.model_validate(
    {
        "system": "hub",
        "protocol": "rest",
        "versions": [{"version": "v2", "calls": [{"service": "hub", "path": "/v2/*"}]}],
    }
)
LEDGER = APISpec.model_validate(
    {"system": "erp", "protocol": "rest", "versions": [{"version": "1"}], "calls": [{"host": "erp.example"}]}
)


def span(ident: int, service: str, kind: int, **more: Any) -> SpanData:
    return SpanData("x", ident, 0.0, 0.1, resource={"service.name": service}, kind=kind, **({"trace": 1} | more))


def found(store: Store, **apis: APISpec) -> list[tuple[object, ...]]:
    rows = hops(store, apis, T0 - SECOND, T0 + 60 * SECOND)
    return [
        (one.sender, one.receiver, one.host, one.queue, one.api, one.version, one.calls, one.errors) for one in rows
    ]


def test_requests_lead_from_caller_to_receiver_or_to_an_address(store: Store, insert: Insert) -> None:
    insert(
        [
            span(1, "poster", CLIENT, attributes={"server.address": "hub.internal"}),
            span(2, "hub", SERVER, attributes={"http.route": "/v2/ids"}, parent=1, error=True),
            span(3, "poster", CLIENT, attributes={"server.address": "erp.example"}),
            span(4, "poster", CLIENT, attributes={"server.address": "erp.example"}),
            span(5, "poster", CLIENT, attributes={"server.address": "db.internal", "db.system.name": "postgresql"}),
            span(6, "hub", SERVER, attributes={"http.route": "/health"}),
            span(7, "poster", 1),
        ]
    )
    assert found(store, hub=HUB, ledger=LEDGER) == [
        ("poster", "", "erp.example", "", "ledger", "1", 2, 0),
        ("", "hub", "", "", "", "", 1, 0),
        ("poster", "hub", "", "", "hub", "v2", 1, 1),
    ]
    assert len(found(store)) == 3
    assert hops(store, {}, T0 + SECOND, T0 + 2 * SECOND) == ()


def test_messages_lead_from_whoever_sent_them_to_whoever_reads_them(store: Store, insert: Insert) -> None:
    queue = {"messaging.destination.name": "erp.invoices"}
    insert([span(1, "hub", PRODUCER, attributes=queue)])
    insert([span(2, "poster", CONSUMER, attributes=queue, trace=2, links=((1, 1), (9, 9)))])
    insert([span(3, "archive", CONSUMER, attributes=queue, parent=1)] * 2)
    assert found(store) == [
        ("hub", "archive", "", "erp.invoices", "", "", 1, 0),
        ("hub", "poster", "", "erp.invoices", "", "", 1, 0),
    ]
    insert([span(4, "lonely", CONSUMER, attributes=queue, trace=4)])
    assert ("", "lonely", "", "erp.invoices", "", "", 1, 0) in found(store)


def test_the_last_time_is_told(store: Store, insert: Insert) -> None:
    insert([span(1, "poster", CLIENT, attributes={"http.url": "https://erp.example/x"})])
    assert hops(store, {}, T0, T0 + SECOND) == (Hop("poster", "", "erp.example", "", "", "", 1, 0, T0),)
