"""CloudEvents over the wire: all three ways reach a timeline, and what comes again changes nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from collectors.events.reading import BATCH, STRUCTURED
from tests.serving import LiveServer

MANIFESTS = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {{name: {name}}}
spec:
  object: invoice
  keys:
    - {{type: invoice.number, attribute: invoice.number}}
    - {{type: stripe.invoice, attribute: stripe.invoice.id}}
  dimensions: {{entity: entity}}
  amount: {{value: invoice.amount, currency: invoice.currency}}
  steps:
    - {{name: finalized, system: stripe,   match: {{event: "com.example.invoice.finalized"}}}}
    - {{name: posted,    system: netsuite, match: {{event: "com.example.invoice.posted"}}}}
    - {{name: paid,      system: stripe,   match: {{event: "com.example.invoice.paid"}}}}
  completes: [paid]
"""
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def event(step: str, ident: str, time: str | None, **more: Any) -> dict[str, Any]:
    about = {"specversion": "1.0", "id": ident, "source": "/events-test", "type": f"com.example.invoice.{step}"}
    return {**about, **({"time": time} if time else {}), **more}


def post(server: LiveServer, body: bytes, **headers: str) -> httpx.Response:
    with server.client() as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/events", content=body, headers=named)


@pytest.fixture
def declared(live_server: LiveServer) -> Callable[[str], None]:
    def declare(name: str) -> None:
        live_server.apply(MANIFESTS.format(name=name))

    return declare


def test_structured_batched_and_binary_events_reach_a_timeline(
    live_server: LiveServer, declared: Callable[[str], None]
) -> None:
    server = live_server
    declared("events-in-three-ways")
    data = {"invoice": {"number": "EV-1", "amount": "1250.00", "currency": "EUR"}, "entity": "DE01"}
    parent = f"00-{TRACE}-00f067aa0ba902b7-01"
    finalized = event("finalized", "a", "2026-05-16T08:00:00Z", data=data, traceparent=parent)
    batch = [
        event("posted", "b", "2026-05-16T08:05:00.250Z", data={"invoice.number": "EV-1"}),
        event("posted", "b2", None, data={"invoice": {"number": "EV-2"}}),
    ]

    def send() -> None:
        whole = post(
            server, gzip.compress(json.dumps(finalized).encode()), content_type=STRUCTURED, content_encoding="gzip"
        )
        assert (whole.status_code, whole.json()) == (200, {"accepted": 1, "refused": 0, "errors": []})
        assert post(server, json.dumps(batch).encode(), content_type=BATCH).json()["accepted"] == 2
        headers = {
            "ce_specversion": "1.0", "ce_id": "c", "ce_source": "/events-test", "ce_type": "com.example.invoice.paid",
            "ce_time": "2026-05-16T09:00:00Z", "content_type": "application/json",
        }  # fmt: skip
        assert post(server, b'{"invoice": {"number": "EV-1"}}', **headers).json()["accepted"] == 1

    def timelines() -> list[dict[str, Any]]:
        found = server.until(
            "/api/v1/workflows/events-in-three-ways/instances",
            lambda answer: sum(len(one["milestones"]) for one in answer["items"]) == 4,
        )
        return sorted(found["items"], key=lambda one: len(one["milestones"]))

    send()
    other, one = before = timelines()
    assert one["state"] == "completed"
    assert one["amount"] == {"value": "1250.00", "currency": "EUR"}
    assert one["dimensions"] == {"entity": "DE01"}
    assert [(each["step"], each["occurred_at"], each["source"]) for each in one["milestones"]] == [
        ("finalized", "2026-05-16T08:00:00Z", "event"),
        ("posted", "2026-05-16T08:05:00.250Z", "event"),
        ("paid", "2026-05-16T09:00:00Z", "event"),
    ]
    assert one["milestones"][0]["trace_id"] == TRACE
    assert one["milestones"][0]["status"] == "ok"
    assert len(other["milestones"]) == 1

    # Again, by another hop that starts a trace of its own, and in another order; an event without a time comes later now.
    finalized["traceparent"] = f"00-{'ab' * 16}-00f067aa0ba902b7-01"
    batch.reverse()
    send()
    marker = event("paid", "marker", "2026-05-16T10:00:00Z", data={"invoice": {"number": "EV-3"}})
    assert post(server, json.dumps(marker).encode(), content_type=STRUCTURED).status_code == 200
    path = "/api/v1/workflows/events-in-three-ways/instances"
    server.until(path, lambda answer: len(answer["items"]) == 3)
    after = [
        each for each in server.get(path)["items"] if {"type": "invoice.number", "value": "EV-3"} not in each["keys"]
    ]
    assert {each["id"]: counted(each) for each in after} == {each["id"]: counted(each) for each in before}


def counted(one: dict[str, Any]) -> list[Any]:
    return [one["state"], one["amount"], [(each["step"], each["occurred_at"]) for each in one["milestones"]]]


def test_good_events_stay_beside_bad_ones(live_server: LiveServer, declared: Callable[[str], None]) -> None:
    declared("events-good-and-bad")
    good = event("paid", "good-1", "2026-05-16T08:00:00Z", data={"stripe.invoice.id": "in_ev_good"})
    bad = {**good, "id": "", "time": "yesterday"}
    answer = post(live_server, json.dumps([bad, good, 7]).encode(), content_type=BATCH)
    assert answer.status_code == 207
    assert answer.json()["accepted"] == 1
    assert answer.json()["refused"] == 2
    assert [(one["position"], one["path"]) for one in answer.json()["errors"]] == [(0, "id"), (2, None)]
    path = "/api/v1/workflows/events-good-and-bad/instances"
    live_server.until(path, lambda found: len(found["items"]) == 1, key="stripe.invoice:in_ev_good")


@pytest.mark.parametrize(
    ("content_type", "body", "status", "words"),
    [
        (STRUCTURED, b"{}", 400, "nothing was stored: the attribute specversion is missing"),
        (STRUCTURED, b"{", 400, "not valid JSON"),
        (BATCH, b'[{"specversion": "1.0"}, 1]', 400, "event 0 of the batch: the attribute id is missing"),
        ("application/json", b"{}", 415, "this is no CloudEvent"),
        ("application/cloudevents+xml", b"<a/>", 415, "in JSON only"),
        (STRUCTURED, b"x" * (16 * 1024 * 1024 + 1), 413, "longer than 16 MiB"),
    ],
)
def test_what_is_refused_says_why(
    live_server: LiveServer, content_type: str, body: bytes, status: int, words: str
) -> None:
    answer = post(live_server, body, content_type=content_type)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_only_who_may_send_telemetry_may_send_events(live_server: LiveServer) -> None:
    body = json.dumps(event("paid", "door", None)).encode()
    with httpx.Client(base_url=live_server.url) as anyone:
        assert anyone.post("/events", content=body, headers={"content-type": STRUCTURED}).status_code == 401
    with live_server.client() as admin:
        tokens = {
            role: admin.post("/api/v1/tokens", json={"name": f"events-{role}", "role": role}).json()["token"]
            for role in ("viewer", "collector")
        }
    for role, status in (("viewer", 403), ("collector", 200)):
        with live_server.client(tokens[role]) as client:
            answer = client.post("/events", content=body, headers={"content-type": STRUCTURED})
        assert answer.status_code == status, answer.text
    live_server.until(
        "/api/v1/collectors",
        lambda answer: any(
            one["token"] == "events-collector" and one["transports"] == ["http/cloudevents"]
            for one in answer.get("items", answer.get("senders"))
        ),
    )
