"""What was told before changes nothing, in whatever way it comes again: every answer stays the same, to the byte."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from itertools import islice
from random import Random
from signal import SIGKILL
from typing import Any

import httpx
import pytest

from tests.collectors.spans import T0, SpanData, request
from tests.serving import TOKEN, LiveServer
from tests.wire.otlp.transports import TRANSPORTS, send
from tests.wire.test_end_to_end import INSTANCES, MANIFESTS, documents, history

BASE = "/api/v1/workflows/invoice-to-cash"
API = """
---
apiVersion: controlplane/v1
kind: Team
metadata: {name: again}
spec: {}
---
apiVersion: controlplane/v1
kind: System
metadata: {name: again-erp, owner: again}
spec: {category: erp}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: again-erp, owner: again}
spec: {system: again-erp, protocol: rest, authentication: [none], versions: [{version: v1, calls: [{host: erp.again.example}]}]}
"""
CALLS = 40
IMPACT = '{ impact(of: "API:again-erp") { items { thing { name } why calls lastCall } } }'


def calls() -> list[SpanData]:
    """Forty calls within the last hours, each with a caller's and a receiver's span, and messages that link to them."""
    spans = []
    start = time.time() - T0 / 1e9 - 4 * 3600
    for number in range(1, CALLS + 1):
        trace, at = 70_000 + number, start + number * 300
        about = {"server.address": "erp.again.example", "http.request.method": "GET", "url.template": "/invoices/{id}"}
        caller, receiver = {"service.name": "again-hub"}, {"service.name": "again-erp"}
        queue = {"messaging.system": "kafka", "messaging.destination.name": "again"}
        failed = number % 8 == 0
        spans += [
            SpanData("GET", trace, at, 0.2, about, caller, kind=3, error=failed),
            SpanData("GET /invoices/{id}", trace + 1_000, at, 0.1, about, receiver, kind=2, trace=trace, parent=trace),
            SpanData("again process", trace + 2_000, at + 9, 0.1, queue, caller, kind=5, links=((trace, trace),)),
        ]
    return spans


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    started = LiveServer(tmp_path_factory.mktemp("again") / "data").start()
    started.apply(MANIFESTS + API)
    yield started
    started.end()


def everything(server: LiveServer) -> dict[str, Any]:
    """Whatever is made of spans, by the address that tells it; what is only about the moment of asking is left out."""
    items = documents(server)
    period = {"from": "2026-05-16", "to": "2026-05-18"}
    found: dict[str, Any] = {"instances": items}
    for name, given in (("flow", {}), ("variants", {}), ("joining-keys", {}), ("ocel.json", {})):
        found[name] = server.get(f"{BASE}/{name}", **given)
    found["report"] = server.get("/api/v1/slas/invoice-posting/report", by="entity", **period)
    found["map"] = server.get("/api/v1/map", period="P1D")
    del found["map"]["from"], found["map"]["to"]
    found["search"] = [server.get("/api/v1/search", q=text) for text in ("INV-0003", "in_6", f"{3:032x}")]
    for item in items[:6]:
        for part in ("", "/milestones", "/related"):
            found[f"{item['id']}{part}"] = server.get(f"{INSTANCES}/{item['id']}{part}")
    for trace in (1, 2001, 70_001, 72_001):
        for part in ("", "/context"):
            found[f"trace {trace}{part}"] = server.get(f"/api/v1/traces/{trace:032x}{part}")
    with server.client() as client:
        found["csv"] = client.get(f"{BASE}/instances.csv").text
        found["impact"] = client.post("/graphql", json={"query": IMPACT}).json()["data"]
    return found


def settled(server: LiveServer) -> dict[str, Any]:
    """Two answers that are the same: correlation has caught up."""
    before = everything(server)
    deadline = time.monotonic() + 60
    while True:
        time.sleep(0.5)
        now = everything(server)
        if _timeless(now) == _timeless(before):
            return now
        assert time.monotonic() < deadline
        before = now


def _timeless(value: Any) -> Any:
    """Without what says when it was asked, or how long ago something is."""
    if isinstance(value, dict):
        moments = {"asked_at", "age", "age_seconds", "silence", "waiting_seconds"}
        return {name: _timeless(one) for name, one in value.items() if name not in moments}
    if isinstance(value, list):
        return [_timeless(one) for one in value]
    return value


def batches(spans: list[SpanData], plan: Random) -> Iterator[list[SpanData]]:
    left = iter(plan.sample(spans, len(spans)))
    while batch := list(islice(left, plan.randint(1, 9))):
        yield batch


def test_what_comes_again_in_any_way_changes_no_answer(server: LiveServer) -> None:
    spans = [*history(), *calls()]
    assert send(server, "http/protobuf", request(spans)).code == "OK"
    first = settled(server)
    assert [(one["calls"], one["errors"]) for one in first["map"]["edges"] if one["calls"] == CALLS] == [(CALLS, 5)]
    assert CALLS in [one["calls"] for one in first["impact"]["impact"]["items"]]
    stored = rows(server)
    for seed, transport in enumerate(TRANSPORTS * 2):
        plan = Random(seed)
        for batch in batches(spans, plan):
            assert send(server, transport, request(batch), zipped=plan.random() < 0.5).code == "OK"
        if seed == 2:
            assert server.end(SIGKILL) == -SIGKILL
            server.start()
    assert rows(server) >= 2 * stored, "they were stored again, or this shows nothing"
    again = settled(server)
    for name, value in first.items():
        assert _timeless(again[name]) == _timeless(value), name


def rows(server: LiveServer) -> int:
    metrics = httpx.get(f"{server.url}/metrics").text
    return sum(
        int(float(line.split()[-1])) for line in metrics.splitlines() if line.startswith("controlplane_spans_stored")
    )


def test_the_very_same_bytes_are_acknowledged_and_not_stored_again(server: LiveServer) -> None:
    content = request([SpanData("same bytes", 0x77_0001)]).SerializeToString()
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-protobuf"}
    zipped = {**headers, "content-encoding": "gzip"}
    with httpx.Client(timeout=60) as client:
        for body, kind in ((content, headers), (content, headers), (gzip.compress(content), zipped)):
            assert client.post(f"{server.otlp_http}/v1/traces", content=body, headers=kind).status_code == 200
    assert send(server, "grpc", content).code == "OK"
    assert [one["name"] for one in server.get(f"/api/v1/traces/{0x77_0001:032x}")["spans"]] == ["same bytes"]
