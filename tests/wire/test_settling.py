"""Payments in parts over the wire: what is settled, what is open, and deadlines that are about all of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.collectors.spans import SpanData
from tests.serving import LiveServer
from tests.wire.exporting import exporters, readable

MANIFESTS = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: part-invoice, title: Invoices}
spec:
  object: invoice
  keys:
    - {type: part.invoice, attribute: part.invoice}
    - {type: part.payment, attribute: part.payment, joins: false}
  amount: {value: amount, currency: currency}
  steps:
    - {name: finalized, system: billing, match: {span: part.finalized}}
    - {name: paid, system: billing, match: {span: part.paid}, settles: {amount: payment.amount, once_per: part.payment}}
  completes: [paid]
---
apiVersion: controlplane/v1
kind: SLA
metadata: {name: part-collection, title: Collection}
spec: {workflow: part-invoice, from: finalized, to: paid, within: PT1H, objective: 0.9, window: P30D}
"""
INVOICES = "/api/v1/workflows/part-invoice/instances"


def span(ident: int, name: str, at: float, number: int, **more: str) -> SpanData:
    about = {"part.invoice": f"p-{number}", "amount": "100.00", "currency": "EUR"}
    return SpanData(
        f"part.{name}", 78_000 + ident, at, 0, about | {key.replace("__", "."): said for key, said in more.items()}
    )


def say(server: LiveServer, *spans: SpanData) -> None:
    exporter = exporters(server)[1]
    exporter.export([readable(one) for one in spans])
    exporter.shutdown()


def find(server: LiveServer, number: int, milestones: int) -> dict[str, Any]:
    """The invoice once it has so many milestones."""
    answer = server.until(
        INVOICES,
        lambda answer: any(len(one["milestones"]) == milestones for one in answer["items"]),
        key=f"part.invoice:p-{number}",
    )
    return dict(answer["items"][0])


@pytest.fixture(scope="module")
def server(live_server: LiveServer) -> LiveServer:
    live_server.apply(MANIFESTS)
    return live_server


def test_an_invoice_that_is_paid_in_parts(server: LiveServer) -> None:
    first = {"part__payment": "py-1", "payment__amount": "40.00"}
    say(server, span(1, "finalized", 0, 1), span(2, "paid", 600, 1, **first), span(3, "paid", 700, 1, **first))
    one = find(server, 1, 3)
    eur = [{"value": value, "currency": "EUR"} for value in ("100.00", "40.00", "60.00")]
    assert (one["state"], one["amount"], one["settled"], one["open"]) == ("running", *eur)
    assert [sla["state"] for sla in one["slas"]] == ["overdue"]
    told = server.get(f"{INVOICES}/{one['id']}/history")
    assert [(remark["kind"], remark["amount"]) for remark in told["remarks"]] == [
        ("part-settled", eur[2]),
        ("reported-again", None),
    ]
    assert told["to_come"] == ["paid"]
    assert [item["id"] for item in server.get(INVOICES, state="running", missing="paid")["items"]] == [one["id"]]

    say(server, span(4, "paid", 7200, 1, part__payment="py-2", payment__amount="60.00"))
    whole = find(server, 1, 4)
    assert (whole["state"], whole["settled"]["value"], whole["open"]["value"]) == ("completed", "100.00", "0.00")
    assert [(sla["state"], sla["seconds"]) for sla in whole["slas"]] == [("breached", 7200.0)]
    query = """query ($id: ID!) { instance(workflow: "part-invoice", id: $id) {
      state settled { value currency } open { value } remarks { kind amount { value } } } }"""
    with server.client() as client:
        answer = client.post("/graphql", json={"query": query, "variables": {"id": one["id"]}}).json()
    assert answer["data"]["instance"] == {
        "state": "completed",
        "settled": {"value": "100.00", "currency": "EUR"},
        "open": {"value": "0.00"},
        "remarks": [{"kind": "reported-again", "amount": None}],
    }


def test_a_first_part_that_comes_late_changes_when_all_was_paid(server: LiveServer) -> None:
    say(server, span(11, "finalized", 0, 2), span(12, "paid", 600, 2, part__payment="py-3", payment__amount="70"))
    find(server, 2, 2)
    say(server, span(13, "paid", 300, 2, part__payment="py-4", payment__amount="35"))
    one = find(server, 2, 3)
    assert (one["state"], one["open"]) == ("completed", {"value": "-5.00", "currency": "EUR"})
    assert [(sla["state"], sla["seconds"]) for sla in one["slas"]] == [("met", 600.0)]
