"""A retired version that is called raises an incident, and a webhook hears of it, over the wire."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.collectors.spans import SECOND, T0, SpanData, body
from tests.receiver import KEY, SECRET, receiving
from tests.serving import TOKEN, LiveServer

HEAD = "---\napiVersion: controlplane/v1\n"


def manifests(url: str) -> str:
    return (
        f"{HEAD}kind: Team\nmetadata: {{name: sales}}\n"
        f"{HEAD}kind: System\nmetadata: {{name: hub}}\nspec: {{category: middleware}}\n"
        f"{HEAD}kind: System\nmetadata: {{name: crm, owner: sales}}\nspec: {{category: crm}}\n"
        f"{HEAD}kind: API\nmetadata: {{name: hub-orders}}\nspec:\n"
        "  {system: hub, protocol: rest, versions: [\n"
        "  {version: v0, lifecycle: retired, dates: {deprecated: 2025-06-01, retired: 2026-01-01},\n"
        "   calls: [{service: hub, operation: 'GET /v0/*'}]}, {version: v1, calls: [{operation: 'GET /v1/*'}]}]}\n"
        f"{HEAD}kind: Webhook\nmetadata: {{name: chat}}\n"
        f"spec: {{url: '{url}', secret: 'env:HOOK', events: {{kinds: [Incident], teams: [sales]}}}}\n"
    )


def test_a_call_of_what_is_retired_is_an_incident_that_a_webhook_hears_of(
    own_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", SECRET)
    with receiving() as receiver:
        own_server.start()
        own_server.apply(manifests(receiver.url.replace("/hook", "/incidents")))
        lately = time.time() - T0 / SECOND - 60
        spans = [
            SpanData("call", 1, lately, 0.1, kind=3, resource={"service.name": "crm"}, trace=7),
            SpanData("GET /v0/orders", 2, lately, 0.1, kind=2, parent=1, resource={"service.name": "hub"}, trace=7),
        ]
        sent = httpx.post(
            f"{own_server.otlp_http}/v1/traces",
            content=body(spans),
            headers={"content-type": "application/x-protobuf", "authorization": f"Bearer {TOKEN}"},
        )
        assert sent.status_code == 200, sent.text
        # It looks once after the start, and then four times an hour.
        assert own_server.end() == 0
        own_server.start()
        found = own_server.until("/api/v1/incidents", lambda answer: answer["items"])["items"]
        assert [(one["api"], one["version"], one["caller"], one["calls"]) for one in found] == [
            ("hub-orders", "v0", "crm", 1)
        ]
        deadline = time.monotonic() + 30
        while not receiver.got and time.monotonic() < deadline:
            receiver.arrived.wait(0.2)
        (got,) = receiver.got
        assert got.signed_by(KEY)
        assert (got.path, got.event["type"]) == ("/incidents", "controlplane.incident.open")
        assert got.event["data"]["after"]["traces"] == found[0]["traces"]
