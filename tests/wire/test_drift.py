"""Drift told by a running server: what calls and events show that nothing declared allows."""

from __future__ import annotations

import subprocess
import sys
import time
from random import Random
from typing import Any

from tests.collectors.spans import T0, SpanData
from tests.serving import TOKEN, LiveServer
from tests.wire.exporting import send

MANIFESTS = """
apiVersion: controlplane/v1
kind: Team
metadata: {name: drift-team}
spec: {contacts: [{email: drift@example.com}]}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: drift-platform, owner: drift-team}
spec: {category: internal}
---
apiVersion: controlplane/v1
kind: Schema
metadata: {name: drift-tenants, owner: drift-team}
spec:
  format: openapi
  definition:
    openapi: 3.1.0
    info: {title: Tenants, version: "2"}
    paths:
      /v2/tenants/{id}:
        get: {responses: {"200": {description: ok}}}
        delete: {responses: {"204": {description: gone}}}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: drift-tenants, owner: drift-team}
spec:
  system: drift-platform
  protocol: rest
  authentication: [none]
  versions: [{version: v2, schema: drift-tenants, calls: [{host: platform.drift.example}]}]
"""


def call(ident: int, operation: str, at: float) -> SpanData:
    method, template = operation.split(" ")
    about = {"server.address": "platform.drift.example", "url.template": template, "http.request.method": method}
    return SpanData(method, ident, at, 0.1, about, {"service.name": "drift-script"}, kind=3)


def findings(server: LiveServer, **wanted: str) -> list[dict[str, Any]]:
    answer = server.get("/api/v1/findings", limit=500, **wanted)
    return [one for one in answer["items"] if one["name"] == "drift-tenants"]


def listed(server: LiveServer, *arguments: str) -> str:
    reach = ["--server", server.url, "--token", TOKEN]
    command = [sys.executable, "-m", "controlplane", "findings", *arguments, *reach]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_calls_that_nobody_declared_are_findings_with_examples(live_server: LiveServer) -> None:
    server = live_server
    at = time.time() - T0 / 1e9 - 3600
    calls = [
        call(7001, "GET /v2/tenants/{id}", at),
        call(7002, "POST /v2/tenants/{id}/export", at + 1),
        call(7003, "POST /v2/tenants/{id}/export", at + 2),
    ]
    send(server, calls, Random(1))
    server.apply(MANIFESTS)

    def told(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {one["check"]: one for one in found}

    found = told(findings(server, about="traffic"))
    assert found.keys() == {"unknown-operation", "undeclared-consumer", "operation-not-seen"}
    unknown = found["unknown-operation"]
    assert unknown["level"] == "warning"
    assert unknown["owner"] == "drift-team"
    assert unknown["message"] == (
        "POST /v2/tenants/{id}/export was called 2 times in 30 days, and its document drift-tenants does not have it"
    )
    assert "Add it to the document" in unknown["advice"]
    assert unknown["seen"]["count"] == 2
    assert [int(trace, 16) for trace in unknown["seen"]["traces"]] == [7003, 7002]
    assert unknown["seen"]["first_at"] < unknown["seen"]["last_at"]
    assert "service drift-script called version v2 3 times" in found["undeclared-consumer"]["message"]
    assert found["operation-not-seen"]["level"] == "info"
    assert "is unknown: DELETE /v2/tenants/{id}" in found["operation-not-seen"]["message"]
    assert findings(server, about="declared") == []
    assert told(findings(server, check="unknown-operation")).keys() == {"unknown-operation"}

    query = '{ catalogueFindings(about: "traffic", check: "unknown-operation") { name advice seen { count traces firstAt } } }'
    with server.client() as client:
        graph = client.post("/graphql", json={"query": query}).json()["data"]["catalogueFindings"]
        told_by_graph = next(one for one in graph if one["name"] == "drift-tenants")
        assert told_by_graph["seen"]["count"] == 2
        page = client.get("/catalogue/findings?about=traffic", headers={"accept": "text/html"}).text
        assert f"/traces/{unknown['seen']['traces'][0]}" in page
        assert "Add it to the document" in page
        detail = client.get("/catalogue/API/drift-tenants", headers={"accept": "text/html"}).text
        assert "does not have it" in detail
        assert client.get(f"/api/v1/traces/{unknown['seen']['traces'][0]}").status_code == 200
        assert client.get("/api/v1/findings?about=x").status_code == 422
    printed = listed(server, "--about", "traffic", "--check", "unknown-operation")
    assert "warning API drift-tenants: POST /v2/tenants/{id}/export was called 2 times" in printed
    assert "seen 2 times, first 20" in printed


EVENT_SCHEMA = """
apiVersion: controlplane/v1
kind: Schema
metadata: {name: drift-invoice-paid, owner: drift-team, labels: {event-type: drift.invoice.paid}}
spec:
  format: json-schema
  definition: {type: object, required: [number], properties: {number: {type: string}, amount: {type: string}}}
"""


def test_events_that_no_schema_allows_are_findings(live_server: LiveServer) -> None:
    server = live_server
    server.apply(EVENT_SCHEMA)
    about = {"specversion": "1.0", "source": "/drift-billing", "type": "drift.invoice.paid"}
    batch = [
        {**about, "id": "1", "data": {"number": "INV-1", "amount": "12.50"}},
        {**about, "id": "2", "data": {"number": "INV-2", "amount": 12.5}},
        {**about, "id": "3", "type": "drift.unheard-of", "data": {"customer": "Ada Lovelace"}},
    ]
    for _ in range(2):
        with server.client() as client:
            headers = {"content-type": "application/cloudevents-batch+json"}
            assert client.post("/events", json=batch, headers=headers).json()["accepted"] == 3

    def both(answer: Any) -> bool:
        return {"payload-not-allowed", "unknown-event-type"} <= {one["check"] for one in answer["items"]}

    answer = server.until("/api/v1/findings", both, about="traffic", limit="500")
    found = {one["check"]: one for one in answer["items"]}
    payload = found["payload-not-allowed"]
    assert (payload["kind"], payload["name"], payload["owner"]) == ("Schema", "drift-invoice-paid", "drift-team")
    assert payload["message"] == (
        "events drift.invoice.paid of /drift-billing don't fit version 1: /amount must be string, and is number; "
        "2 of 2 such events were looked at (100 %)"
    )
    assert payload["seen"]["count"] == 1
    assert payload["seen"]["example"] == "99.9"
    assert server.get(f"/api/v1/traces/{payload['seen']['traces'][0]}")
    assert found["unknown-event-type"]["name"] == "drift.unheard-of"
    assert found["unknown-event-type"]["seen"]["example"] == '{"customer": "Aaa Aaaaaaaa"}'
    with server.client() as client:
        page = client.get("/catalogue/findings?check=payload-not-allowed", headers={"accept": "text/html"}).text
        assert "/amount must be string" in page
        assert "controlplane_event_samples_total" in client.get("/metrics").text
