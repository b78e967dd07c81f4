"""Histories, relations and readings on their way, over the wire."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.collectors.spans import SpanData
from tests.serving import TOKEN, LiveServer
from tests.wire.exporting import exporters, readable

MANIFESTS = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: hist-order, title: Orders}
spec:
  object: order
  keys: [{type: hist.order, attribute: hist.order}, {type: hist.subscription, attribute: hist.subscription}]
  steps: [{name: won, system: crm, match: {span: hist.won}}]
---
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: hist-invoice, title: Invoices}
spec:
  object: invoice
  keys:
    - {type: hist.invoice, attribute: hist.invoice}
    - {type: hist.subscription, attribute: hist.subscription, joins: false}
  amount: {value: amount, currency: currency}
  steps:
    - {name: finalized, system: billing, match: {span: hist.finalized}}
    - {name: posted, system: erp, match: {span: hist.posted}}
    - {name: paid, system: billing, match: {span: hist.paid}}
    - {name: voided, system: billing, match: {span: hist.voided}}
    - {name: reopened, system: billing, match: {span: hist.reopened}}
  completes: [paid]
  cancels: [voided]
  reopens: [reopened]
"""
INVOICES = "/api/v1/workflows/hist-invoice/instances"


def say(server: LiveServer, *spans: SpanData) -> None:
    exporter = exporters(server)[1]
    exporter.export([readable(span) for span in spans])
    exporter.shutdown()


def span(ident: int, name: str, at: float, number: int, **more: str) -> SpanData:
    about = {"hist.invoice": f"h-{number}", "hist.subscription": "hist-sub", "amount": "9.50", "currency": "EUR"}
    return SpanData(f"hist.{name}", 77_000 + ident, at, 0, about | more)


@pytest.fixture(scope="module")
def server(live_server: LiveServer) -> LiveServer:
    live_server.apply(MANIFESTS)
    won = SpanData("hist.won", 77_999, 0, 0, {"hist.order": "h-o", "hist.subscription": "hist-sub"})
    say(live_server, won, span(1, "finalized", 100, 1), span(2, "paid", 200, 1), span(3, "reopened", 300, 1))
    say(live_server, span(4, "finalized", 100, 2), span(5, "posted", 40, 2), span(6, "voided", 300, 2))
    live_server.until(INVOICES, lambda answer: sum(len(one["milestones"]) for one in answer["items"]) == 6)
    live_server.until("/api/v1/workflows/hist-order/instances", lambda answer: answer["items"])
    return live_server


def find(server: LiveServer, number: int) -> dict[str, Any]:
    (item,) = server.get(INVOICES, key=f"hist.invoice:h-{number}")["items"]
    return dict(item)


def test_a_history_tells_turns_arrivals_and_oddities(server: LiveServer) -> None:
    one = find(server, 1)
    told = server.get(f"{INVOICES}/{one['id']}/history")
    assert (one["state"], one["ended_at"]) == ("running", None)
    assert [(turn["state"], turn["at"], turn["step"]) for turn in told["turns"]] == [
        ("running", "2026-05-16T08:01:40Z", "finalized"),
        ("completed", "2026-05-16T08:03:20Z", "paid"),
        ("running", "2026-05-16T08:05:00Z", "reopened"),
    ]
    assert told["to_come"] == ["posted"]
    assert [(one["kind"], one["step"], one["other"]) for one in told["remarks"]] == [("skipped", "posted", "paid")]
    assert all(milestone["observed_at"] > milestone["occurred_at"] for milestone in told["milestones"])
    (workflow,) = [item for item in server.get("/api/v1/workflows")["items"] if item["name"] == "hist-invoice"]
    assert (workflow["definition"], workflow["building"]) == (told["definition"], None)


def test_what_was_cancelled_is_no_more_stuck_and_lists_find_it(server: LiveServer) -> None:
    two = find(server, 2)
    assert [item["id"] for item in server.get(INVOICES, state="cancelled")["items"]] == [two["id"]]
    told = server.get(f"{INVOICES}/{two['id']}/history")
    assert (told["state"], told["to_come"]) == ("cancelled", [])
    (skew,) = told["remarks"]
    assert (skew["kind"], skew["step"], skew["other"], skew["seconds"]) == (
        "clocks-differ",
        "posted",
        "finalized",
        60.0,
    )


def test_relations_lead_both_ways(server: LiveServer) -> None:
    one, two = find(server, 1), find(server, 2)
    owner, sibling = server.get(f"{INVOICES}/{one['id']}/related")["items"]
    assert (owner["how"], owner["workflow"], owner["total"]) == ("belongs-to", "hist-order", 1)
    assert (sibling["how"], sibling["instances"][0]["id"]) == ("shares", two["id"])
    assert sibling["instances"][0]["amount"] == {"value": "9.50", "currency": "EUR"}
    order = owner["instances"][0]["id"]
    (has,) = server.get(f"/api/v1/workflows/hist-order/instances/{order}/related", limit=1)["items"]
    assert (has["how"], has["key"], has["total"], len(has["instances"])) == (
        "has", {"type": "hist.subscription", "value": "hist-sub"}, 2, 1
    )  # fmt: skip


def test_graphql_says_the_same(server: LiveServer) -> None:
    one = find(server, 1)
    query = """query ($id: ID!) {
      instance(workflow: "hist-invoice", id: $id) {
        definition history { state step } remarks { kind step other } milestones { observedAt }
      }
      related(workflow: "hist-invoice", id: $id) { how key { value } total instances { state amount { value } } }
    }"""
    with server.client() as client:
        answer = client.post("/graphql", json={"query": query, "variables": {"id": one["id"]}}).json()
    told = answer["data"]["instance"]
    rest = server.get(f"{INVOICES}/{one['id']}/history")
    assert told["definition"] == rest["definition"]
    assert [turn["state"] for turn in told["history"]] == ["running", "completed", "running"]
    assert told["remarks"] == [{"kind": "skipped", "step": "posted", "other": "paid"}]
    assert [one["observedAt"] for one in told["milestones"]] == [one["observed_at"] for one in rest["milestones"]]
    assert [(one["how"], one["total"]) for one in answer["data"]["related"]] == [("belongs-to", 1), ("shares", 1)]


def test_what_is_not_there_is_said(server: LiveServer) -> None:
    with server.client() as client:
        for path in ("history", "related"):
            answer = client.get(f"{INVOICES}/00/{path}")
            assert answer.status_code == 404
            assert "has no instance '00'" in answer.json()["detail"]
            assert client.get(f"/api/v1/workflows/hist-invoic/instances/00/{path}").status_code == 404


def test_the_old_definition_answers_until_the_new_one_has_read_history(own_server: LiveServer) -> None:
    own_server.start()
    own_server.apply(MANIFESTS)
    week = 7 * 86_400
    say(own_server, *(span(number, "finalized", -week * number, number) for number in range(1, 9)))
    own_server.until(INVOICES, lambda answer: len(answer["items"]) == 8)
    name = "/api/v1/workflows"

    def reading() -> dict[str, Any]:
        return next(dict(one) for one in own_server.get(name)["items"] if one["name"] == "hist-invoice")

    before = reading()
    changed = MANIFESTS.replace("cancels: [voided]", "cancels: [voided, posted]")
    own_server.apply(changed)
    seen = []
    while (now := reading())["definition"] == before["definition"]:
        assert len(own_server.get(INVOICES)["items"]) == 8
        seen.append(now)
    assert {one["building"]["definition"] for one in seen if one["building"]} <= {now["definition"]}
    assert len(own_server.get(INVOICES)["items"]) == 8

    own_server.apply(MANIFESTS)
    command = [sys.executable, "-m", "controlplane", "workflows", "--server", own_server.url, "--token", TOKEN]
    waited = subprocess.run([*command, "--wait", "--output", "json"], capture_output=True, check=True, timeout=60)
    (told,) = [one for one in json.loads(waited.stdout) if one["name"] == "hist-invoice"]
    assert (told["definition"], told["building"]) == (before["definition"], None)
    listed = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True).stdout
    assert listed.splitlines()[0] == f"hist-invoice  {before['definition']}  Invoices"
