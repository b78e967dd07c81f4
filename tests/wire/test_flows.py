"""Lists, flows, exports and traces of a real server, by REST, GraphQL and the command line."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from tests.collectors.spans import SpanData, body
from tests.collectors.timelines.test_ocel import check
from tests.serving import TOKEN, LiveServer
from tests.wire.exporting import send
from tests.wire.test_end_to_end import INSTANCES, MANIFESTS, documents, history

BASE = "/api/v1/workflows/invoice-to-cash"
QUEUE = {"messaging.system": "kafka", "messaging.destination.name": "invoices"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Twenty invoices, and a consumer's trace that links to the trace of the first."""
    started = LiveServer(tmp_path_factory.mktemp("flows") / "data").start()
    started.apply(MANIFESTS)
    send(started, history(), Random(3))
    linked = SpanData("audit", 5001, 9, 1, QUEUE, kind=5, links=((1, 1),))
    with started.client() as client:
        answer = client.post(
            f"{started.otlp_http}/v1/traces", content=body([linked]), headers={"content-type": "application/x-protobuf"}
        )
    assert answer.status_code == 200
    documents(started)
    yield started
    started.end()


def numbers(server: LiveServer, **given: str) -> set[str]:
    items = server.get(INSTANCES, limit=500, **given)["items"]
    return {key["value"] for item in items for key in item["keys"] if key["type"] == "invoice.number"}


def test_every_filter_narrows_the_list(server: LiveServer) -> None:
    everything = numbers(server)
    assert len(everything) == 20
    assert len(numbers(server, missing="posted")) == 4
    assert len(numbers(server, current="posted")) == 11
    assert len(numbers(server, hop="posted:paid")) == 5
    assert numbers(server, path="finalized,posted,paid") == numbers(server, hop="posted:paid")
    assert numbers(server, errors="true") == numbers(server, error="PERIOD") == numbers(server, missing="posted")
    assert numbers(server, amount_min="1900.10", amount_currency="EUR") == {"INV-0019", "INV-0020"}
    assert numbers(server, amount_max="100.10", amount_currency="EUR") == {"INV-0001"}
    assert numbers(server, amount_currency="USD") == set()
    assert len(numbers(server, sla="invoice-posting", sla_state="breached")) == 8
    assert numbers(server, sla="invoice-posting", entity="DE01", sla_state="overdue") == {"INV-0005", "INV-0015"}
    assert numbers(server, min_age="P1D") == everything
    assert numbers(server, max_age="P1D") == numbers(server, min_silence="P36500D") == set()
    first = server.get(INSTANCES, sort="amount", limit=1)["items"][0]
    assert first["amount"]["value"] == "2000.10"


def test_pages_go_on_in_any_order(server: LiveServer) -> None:
    for sort in ("started", "age", "silence", "amount", "id"):
        seen, cursor = [], None
        while cursor is not None or not seen:
            page = server.get(INSTANCES, limit=7, sort=sort, **({"cursor": cursor} if cursor else {}))
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen)) == 20


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        (INSTANCES, {"step": "poste"}, "did you mean “posted”?"),
        (INSTANCES, {"amount_min": "5"}, "say the currency too"),
        (INSTANCES, {"colour": "red"}, "neither a parameter nor a dimension"),
        (INSTANCES, {"sort": "age", "cursor": "abc"}, "start again without it"),
        (f"{BASE}/instances.csv", {"sort": "x"}, "no order of a list"),
        (f"{BASE}/flow", {"hop": "x:y"}, "is no step of this workflow"),
        (f"{BASE}/variants", {"sla": "nothing"}, "no SLA of this workflow"),
        (f"{BASE}/ocel.json", {"from": "yesterday"}, "is no time"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    server: LiveServer, path: str, given: dict[str, str], said: str
) -> None:
    with server.client() as client:
        answer = client.get(path, params=given)
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_csv_has_exactly_what_is_filtered(server: LiveServer) -> None:
    with server.client() as client:
        answer = client.get(f"{BASE}/instances.csv", params={"missing": "posted", "sort": "age"})
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="invoice-to-cash.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert {row["key.invoice.number"] for row in rows} == numbers(server, missing="posted")
    assert [row["started_at"] for row in rows] == sorted(row["started_at"] for row in rows)
    assert rows[0]["amount"] == "500.10"
    assert rows[0]["sla.invoice-posting.state"] == "overdue"


def test_the_flow_says_where_invoices_stop(server: LiveServer) -> None:
    flow = server.get(f"{BASE}/flow")
    assert flow["total"] == 20
    assert {step["step"]: step["reached"] for step in flow["steps"]} == {
        "finalized": 20, "posted": 16, "rejected": 4, "paid": 6,
    }  # fmt: skip
    hops = {(hop["from"], hop["to"]): hop["count"] for hop in flow["hops"]}
    assert hops == {
        ("finalized", "posted"): 16, ("posted", "paid"): 5, ("finalized", "rejected"): 4, ("rejected", "paid"): 1,
    }  # fmt: skip
    waiting = next(stop for stop in flow["stops"] if stop["step"] == "rejected")
    assert (waiting["state"], waiting["count"]) == ("running", 3)
    assert waiting["amounts"] == [{"value": "3500.30", "currency": "EUR"}]
    assert server.get(f"{BASE}/flow", entity="DE01", current="rejected")["total"] == 1
    variants = server.get(f"{BASE}/variants", limit=1)
    assert (variants["number"], variants["total"]) == (4, 20)
    assert variants["items"][0]["path"] == ["finalized", "posted"]
    assert variants["items"][0]["share"] == 0.55


def test_the_graph_says_the_same(server: LiveServer) -> None:
    query = """query ($trace: ID!) {
      flow(workflow: "invoice-to-cash", where: {errors: true}) { total hops { start end count } stops { step count } }
      variants(workflow: "invoice-to-cash", limit: 1) { number items { path count p50 } }
      instances(workflow: "invoice-to-cash", where: {missing: "posted", sort: "amount"}) { items { amount { value } } }
      traceContext(id: $trace) { continuesIn { name messagingDestination } objects { how keys { value } } }
    }"""
    with server.client() as client:
        answer = client.post("/graphql", json={"query": query, "variables": {"trace": f"{1:032x}"}}).json()
        wrong = client.post(
            "/graphql", json={"query": '{ flow(workflow: "invoice-to-cash", where: {step: "x"}) { total } }'}
        ).json()
    data = answer["data"]
    assert data["flow"]["total"] == 4
    assert data["variants"]["items"][0]["path"] == ["finalized", "posted"]
    assert [one["amount"]["value"] for one in data["instances"]["items"]] == ["2000.10", "1500.10", "1000.10", "500.10"]
    assert data["traceContext"]["continuesIn"] == [{"name": "audit", "messagingDestination": "invoices"}]
    assert data["traceContext"]["objects"][0]["how"] == "trace"
    assert "is no step of this workflow" in wrong["errors"][0]["message"]


def test_traces_lead_across_the_queue_and_to_the_invoice(server: LiveServer) -> None:
    there = server.get(f"/api/v1/traces/{1:032x}/context", span=f"{1:016x}")
    assert [one["trace_id"] for one in there["continues_in"]] == [f"{5001:032x}"]
    assert there["objects"][0]["how"] == "span"
    back = server.get(f"/api/v1/traces/{5001:032x}/context")
    assert [(one["name"], one["known"]) for one in back["comes_from"]] == [("stripe.invoice.finalized", True)]
    assert [one["how"] for one in back["objects"]] == ["link"]
    assert back["objects"][0]["id"] == there["objects"][0]["id"]
    for text in (
        f"{5001:016x}",
        f'"{5001:032x}"',
        "https://dashboard.stripe.com/invoices/in_1",
        "INV-0001",
        "inv-0001",
    ):
        found = server.get("/api/v1/search", q=text, limit=1)
        assert [item["id"] for item in found["items"]] == [there["objects"][0]["id"]], text
    assert server.get("/api/v1/search", q=f"{5001:016x}")["trace"] == {
        "trace_id": f"{5001:032x}", "span_id": f"{5001:016x}",
    }  # fmt: skip
    assert server.get("/api/v1/traces/nonsense/context") == {
        "comes_from": [], "continues_in": [], "objects": [],
        "comes_from_total": 0, "continues_in_total": 0, "more_objects": False,
    }  # fmt: skip


def test_the_event_log_is_valid_and_bounded_by_filters(server: LiveServer) -> None:
    log: Any = server.get(f"{BASE}/ocel.json")
    check(log)
    assert len(log["events"]) == 46
    few = server.get(f"{BASE}/ocel.json", missing="posted")
    check(few)
    assert {event["type"] for event in few["events"]} == {"finalized", "rejected", "posted", "paid"} - {"posted"}


def command(server: LiveServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {"CONTROLPLANE_SERVER": server.url, "CONTROLPLANE_TOKEN": TOKEN}
    return subprocess.run(
        [sys.executable, "-m", "controlplane", *arguments],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_command_writes_the_log(server: LiveServer, tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    done = command(server, "export-ocel", "invoice-to-cash", "--output", str(file), "--where", "entity=DE01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{file}: {file.stat().st_size:,} bytes\n"
    check(orjson.loads(file.read_bytes()))
    for wrong, said in (
        (("invoice-to-cas",), "did you mean invoice-to-cash?"),
        (("invoice-to-cash", "--where", "x"), "NAME=VALUE"),
        (("invoice-to-cash", "--where", "x=1"), "neither a parameter nor a dimension"),
    ):
        failed = command(server, "export-ocel", *wrong, "--output", str(tmp_path / "none.json"))
        assert failed.returncode in (1, 2)
        assert said in failed.stderr
        assert "Traceback" not in failed.stderr
        assert not (tmp_path / "none.json").exists()
