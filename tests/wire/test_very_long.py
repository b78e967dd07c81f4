"""One key that joins thousands of objects: answers and pages stay short, say so, and lead to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.collectors.spans import SpanData, body
from tests.collectors.timelines.test_ocel import check
from tests.serving import TOKEN, LiveServer

INVOICES = 1_200
MANIFESTS = """
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: long-invoice, title: Invoices}
spec:
  object: invoice
  keys: [{type: long.customer, attribute: long.customer}, {type: long.invoice, attribute: long.invoice}]
  amount: {value: amount, currency: currency}
  steps:
    - {name: finalized, system: billing, match: {span: long.finalized}}
    - {name: posted, system: erp, match: {span: long.posted}}
  completes: [posted]
"""
BASE = "/api/v1/workflows/long-invoice"
PAGE = {"accept": "text/html"}


def spans() -> Iterator[SpanData]:
    for number in range(INVOICES):
        about = {
            "long.customer": "c-1",
            "long.invoice": f"l-{number:05}",
            "amount": "12,50" if number % 400 == 0 else "5.00",
            "currency": "EUR",
        }
        failed = {**about, "http.response.status_code": 503}
        yield SpanData("long.finalized", 80_000 + 2 * number, number * 10, 1, about)
        yield SpanData("long.posted", 80_001 + 2 * number, number * 10 + 5, 1, failed, error=True, message="closed")


@pytest.fixture(scope="module")
def client(live_server: LiveServer) -> Iterator[httpx.Client]:
    live_server.apply(MANIFESTS)
    content = body(spans())
    headers = {"content-type": "application/x-protobuf", "authorization": f"Bearer {TOKEN}"}
    assert (
        httpx.post(f"{live_server.otlp_http}/v1/traces", content=content, headers=headers, timeout=60).status_code
        == 200
    )
    live_server.until(
        f"{BASE}/instances", lambda answer: [one.get("milestones_total") for one in answer["items"]] == [2 * INVOICES]
    )
    with live_server.client() as opened:
        yield opened


def only(client: httpx.Client) -> dict[str, Any]:
    (item,) = client.get(f"{BASE}/instances").json()["items"]
    return dict(item)


def test_a_document_is_short_says_so_and_leads_to_the_rest(client: httpx.Client) -> None:
    listed = only(client)
    one = client.get(f"{BASE}/instances/{listed['id']}")
    assert len(one.content) < 100_000
    document = one.json()
    assert document == listed
    assert document["milestones_total"] == 2 * INVOICES
    seen, cursor = list(document["milestones"]), document["milestones_next"]
    assert 100 <= len(seen) < 1_000
    while cursor:
        page = client.get(f"{BASE}/instances/{listed['id']}/milestones", params={"limit": 500, "cursor": cursor}).json()
        assert 0 < len(page["items"]) <= 500
        seen, cursor = seen + page["items"], page["next_cursor"]
    assert len(seen) == 2 * INVOICES
    assert seen == sorted(seen, key=lambda fact: (fact["occurred_at"], fact["step"], fact["span_id"]))
    assert len({fact["span_id"] for fact in seen}) == 2 * INVOICES


def test_the_graph_pages_too(client: httpx.Client) -> None:
    query = """query ($id: ID!, $cursor: String) { instance(workflow: "long-invoice", id: $id) { milestonesTotal
      milestones { step } errorTypes milestonePage(limit: 3, cursor: $cursor) { items { spanId errorType } nextCursor } } }"""
    ident = only(client)["id"]
    first = client.post("/graphql", json={"query": query, "variables": {"id": ident}}).json()["data"]["instance"]
    assert (first["milestonesTotal"], first["errorTypes"]) == (2 * INVOICES, ["503"])
    assert len(first["milestones"]) < 1_000
    page = first["milestonePage"]
    assert [one["errorType"] for one in page["items"]] == [None, "503", None]
    variables = {"id": ident, "cursor": page["nextCursor"]}
    second = client.post("/graphql", json={"query": query, "variables": variables}).json()["data"]["instance"]
    assert second["milestonePage"]["items"][0]["spanId"] == f"{80_003:016x}"


def test_the_key_that_joins_is_named_with_what_to_do(client: httpx.Client) -> None:
    ident = only(client)["id"]
    (found,) = client.get(f"{BASE}/joining-keys").json()["items"]
    assert found == {
        "instance": ident, "milestones": 2 * INVOICES, "beside": INVOICES, "key": {"type": "long.customer", "value": "c-1"},
    }  # fmt: skip
    remarks = client.get(f"{BASE}/instances/{ident}/history").json()["remarks"]
    (long,) = [one for one in remarks if one["kind"] == "very-long"]
    assert (long["count"], long["ids"]) == (2 * INVOICES, [{"type": "long.customer", "values": ["c-1"]}])
    (failed,) = [one for one in remarks if one["kind"] == "failed"]
    assert failed["count"] == INVOICES


def test_pages_stay_short_and_lead_to_the_rest(client: httpx.Client) -> None:
    ident = only(client)["id"]
    timeline = client.get(f"/workflows/long-invoice/instances/{ident}", headers=PAGE)
    assert timeline.status_code == 200
    assert len(timeline.content) < 200_000
    assert "All 2,400 milestones" in timeline.text
    assert "joins: false" in timeline.text
    page = client.get(f"/workflows/long-invoice/instances/{ident}/milestones", headers=PAGE)
    assert "2,400 milestones in all" in page.text
    assert "Later milestones" in page.text
    broken = client.get(f"/workflows/long-invoice/instances/{ident}/milestones?cursor=abc", headers=PAGE)
    assert broken.status_code == 400
    assert "c-1" in client.get("/workflows/long-invoice/joining-keys", headers=PAGE).text
    everything = client.get("/workflows", headers=PAGE).text
    assert "1 invoice of thousands of milestones" in everything
    assert "can&#39;t be read" in everything or "can't be read" in everything


def test_what_is_wrong_is_said(client: httpx.Client) -> None:
    ident = only(client)["id"]
    for path, status, said in (
        (f"{BASE}/instances/{ident}/milestones?cursor=abc", 400, "start again without it"),
        (f"{BASE}/instances/00/milestones", 404, "has no instance '00'"),
        ("/api/v1/workflows/long-invoic/joining-keys", 404, "did you mean long-invoice?"),
    ):
        answer = client.get(path)
        assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_kinds_of_errors_and_unread_amounts_are_found_by_every_door(client: httpx.Client) -> None:
    assert only(client)["id"] == client.get(f"{BASE}/instances", params={"error_type": "503"}).json()["items"][0]["id"]
    assert client.get(f"{BASE}/instances", params={"error_type": "50"}).json()["items"] == []
    assert client.get(f"{BASE}/flow", params={"error_type": "503"}).json()["error_types"] == [
        {"error_type": "503", "count": 1}
    ]
    assert '"503"' in client.get("/workflows/long-invoice/instances", headers=PAGE).text
    assert ",503," in client.get(f"{BASE}/instances.csv").text
    (workflow,) = [
        one
        for one in client.get("/api/v1/workflows", params={"limit": 500}).json()["items"]
        if one["name"] == "long-invoice"
    ]
    assert workflow["unread_amounts"]["instances"] == 1
    assert len(client.get(f"{BASE}/instances", params={"amount_unread": "true"}).json()["items"]) == 1
    assert client.get(f"{BASE}/instances", params={"amount_unread": "false"}).json()["items"] == []


def test_the_event_log_has_all_of_it(client: httpx.Client) -> None:
    log = client.get(f"{BASE}/ocel.json").json()
    check(log)
    assert len(log["events"]) == 2 * INVOICES
    assert sum(one["type"] == "long.invoice" for one in log["objects"]) == INVOICES
