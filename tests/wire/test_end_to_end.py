from __future__ import annotations

import signal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.collectors.spans import SpanData
from tests.serving import LiveServer
from tests.wire.exporting import exporters, readable, send

MANIFESTS = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: invoice-to-cash, title: Invoice to cash}
spec:
  object: invoice
  keys:
    - {type: stripe.invoice,   attribute: stripe.invoice.id}
    - {type: netsuite.invoice, attribute: netsuite.invoice.internal_id}
    - {type: invoice.number,   attribute: invoice.number}
  dimensions: {entity: business.entity}
  amount: {value: invoice.amount, currency: invoice.currency}
  steps:
    - {name: finalized, system: stripe,   match: {span: "stripe.invoice.finalized"}}
    - {name: posted,    system: netsuite, match: {span: "netsuite.invoice.post", status: ok}}
    - {name: rejected,  system: netsuite, match: {span: "netsuite.invoice.post", status: error}}
    - {name: paid,      system: stripe,   match: {span: "stripe.invoice.paid"}}
  completes: [paid]
---
apiVersion: controlplane/v1
kind: SLA
metadata: {name: invoice-posting}
spec: {workflow: invoice-to-cash, from: finalized, to: posted, within: PT15M, objective: 0.99, window: P30D}
"""
INSTANCES = "/api/v1/workflows/invoice-to-cash/instances"


def history() -> list[SpanData]:
    """Twenty invoices; the way to the ERP is joined by number, the payment by the billing system's own id."""
    spans = []
    for number in range(1, 21):
        billing = {"stripe.invoice.id": f"in_{number}", "invoice.number": f"INV-{number:04}"}
        erp = {"netsuite.invoice.internal_id": str(9000 + number), "invoice.number": f"INV-{number:04}"}
        amount = {"invoice.amount": f"{number}00.10", "invoice.currency": "EUR", "business.entity": f"DE0{number % 2}"}
        spans.append(SpanData("stripe.invoice.finalized", number, number, 1, {**billing, **amount}))
        spans.append(SpanData("render.pdf", 1000 + number, number, 1, {"page": number}))
        if number % 5:
            spans.append(SpanData("netsuite.invoice.post", 2000 + number, number * 100, 2, erp))
        else:
            spans.append(
                SpanData(
                    "netsuite.invoice.post", 2000 + number, number * 100, 2, erp, error=True, message="period closed"
                )
            )
        if number % 3 == 0:
            spans.append(
                SpanData("stripe.invoice.paid", 3000 + number, 4000 + number, 1, {"stripe.invoice.id": f"in_{number}"})
            )
    return spans


def documents(server: LiveServer) -> list[dict[str, Any]]:
    milestones = sum(span.name != "render.pdf" for span in history())

    def whole(answer: Any) -> bool:
        return sum(len(item["milestones"]) for item in answer["items"]) == milestones

    items = server.until(INSTANCES, whole, limit=500)["items"]
    return sorted(items, key=lambda item: str(item["id"]))


def test_any_order_any_transport_any_repetition_gives_the_same_documents(tmp_path: Path) -> None:
    answers = []
    for seed in range(3):
        server = LiveServer(tmp_path / str(seed) / "data")
        server.data_dir.mkdir(parents=True)
        server.start()
        try:
            if seed == 2:
                send(server, history(), Random(seed))  # before anyone had declared the workflow
                server.apply(MANIFESTS)
            else:
                server.apply(MANIFESTS)
                send(server, history(), Random(seed))
            answers.append(documents(server))
            report = server.get(
                "/api/v1/slas/invoice-posting/report", **{"from": "2026-05-16", "to": "2026-05-17", "by": "entity"}
            )
            assert [report[name] for name in ("count", "met", "breached", "pending", "overdue")] == [20, 8, 8, 0, 4]
            assert [(group["value"], group["count"]) for group in report["groups"]] == [("DE00", 10), ("DE01", 10)]
        finally:
            assert server.end() == 0, server.log
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 20
    one = next(item for item in answers[0] if {"type": "invoice.number", "value": "INV-0003"} in item["keys"])
    assert one["state"] == "completed"
    assert one["started_at"] == "2026-05-16T08:00:04Z"
    assert one["ended_at"] == "2026-05-16T09:06:44Z"
    assert one["amount"] == {"value": "300.10", "currency": "EUR"}
    assert one["dimensions"] == {"entity": "DE01"}
    assert [key["type"] for key in one["keys"]] == ["invoice.number", "netsuite.invoice", "stripe.invoice"]
    assert [milestone["step"] for milestone in one["milestones"]] == ["finalized", "posted", "paid"]
    assert one["slas"] == [
        {"sla": "invoice-posting", "state": "met", "seconds": 298.0, "due_at": "2026-05-16T08:15:04Z"}
    ]


@pytest.mark.parametrize("transport", [0, 1])
def test_what_was_acknowledged_survives_kill_9(own_server: LiveServer, transport: int) -> None:
    own_server.start()
    own_server.apply(MANIFESTS)
    sender = exporters(own_server)[transport]
    spans = history()
    assert sender.export([readable(span) for span in spans]) is SpanExportResult.SUCCESS
    own_server.end(signal.SIGKILL)
    sender.shutdown()
    own_server.start()
    assert len(documents(own_server)) == 20


def test_sigterm_ends_cleanly_and_a_restart_answers_the_same(own_server: LiveServer) -> None:
    own_server.start()
    own_server.apply(MANIFESTS)
    send(own_server, history(), Random(7))
    assert own_server.end(signal.SIGTERM) == 0
    own_server.start()
    assert len(documents(own_server)) == 20
    assert own_server.end(signal.SIGTERM) == 0


def test_search_finds_any_id_and_lists_filter(own_server: LiveServer) -> None:
    own_server.start()
    own_server.apply(MANIFESTS)
    send(own_server, history(), Random(1))
    documents(own_server)
    for text in ("in_7", "INV-0007", "9007", f"{7:032x}"):
        (hit,) = own_server.get("/api/v1/search", q=text, limit=1)["items"]
        assert {"type": "invoice.number", "value": "INV-0007"} in hit["keys"]
        assert hit["matched"]["value"] == text or len(text) == 32
    assert len(own_server.get("/api/v1/search", q="INV-001")["items"]) == 10
    assert own_server.get("/api/v1/search", q="nothing")["items"] == []
    by_key = own_server.get(INSTANCES, key="netsuite.invoice:9007")["items"]
    assert [item["id"] for item in by_key] == [hit["id"]]
    assert own_server.get(INSTANCES, key="netsuite.invoice:1")["items"] == []
    assert len(own_server.get(INSTANCES, state="completed")["items"]) == 6
    assert len(own_server.get(INSTANCES, overdue="true")["items"]) == 4
    assert len(own_server.get(INSTANCES, overdue="false")["items"]) == 16
    assert len(own_server.get(INSTANCES, entity="DE00")["items"]) == 10
    assert len(own_server.get(INSTANCES, **{"from": "2026-05-16T08:00:11Z"})["items"]) == 11
    assert len(own_server.get(INSTANCES, to="2026-05-16T08:00:11Z")["items"]) == 9
    pages, cursor = [], None
    while cursor is not None or not pages:
        page = own_server.get(INSTANCES, limit=6, **({"cursor": cursor} if cursor else {}))
        pages.append([item["id"] for item in page["items"]])
        cursor = page["next_cursor"]
    assert [len(page) for page in pages] == [6, 6, 6, 2]
    assert len({ident for page in pages for ident in page}) == 20


def test_graphql_says_the_same_as_rest(own_server: LiveServer) -> None:
    own_server.start()
    own_server.apply(MANIFESTS)
    send(own_server, history(), Random(1))
    documents(own_server)
    query = """{
      workflows
      instances(workflow: "invoice-to-cash", where: {key: {type: "invoice.number", value: "INV-0003"}}) {
        items { id state amount { value currency } milestones { step occurredAt traceId } slas { sla state seconds } }
      }
      slaReport(sla: "invoice-posting", start: "2026-05-16", end: "2026-05-17", by: "entity") { total { count met } }
      search(q: "in_3") { key { type } instance { id } }
    }"""
    with own_server.client() as client:
        data = client.post("/graphql", json={"query": query}).json()["data"]
        (item,) = data["instances"]["items"]
        asked = {
            "query": "query ($id: ID!) { trace(id: $id) { name service } }",
            "variables": {"id": item["milestones"][0]["traceId"]},
        }
        trace = client.post("/graphql", json=asked).json()["data"]["trace"]
    (rest,) = own_server.get(INSTANCES, key="invoice.number:INV-0003")["items"]
    assert (item["id"], item["state"], item["amount"]) == (rest["id"], rest["state"], rest["amount"])
    assert item["slas"] == [{"sla": "invoice-posting", "state": "met", "seconds": 298.0}]
    assert data["slaReport"]["total"] == {"count": 20, "met": 8}
    assert data["search"][0]["instance"]["id"] == item["id"]
    assert trace == [{"name": "stripe.invoice.finalized", "service": "billing-sync"}]
