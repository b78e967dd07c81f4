"""``controlplane serve`` on a ClickHouse server behind HTTP: that it works, and what it does while the server does not."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import grpc
import httpx
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.clickhouse_http.faults import Fault
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.spans import body
from tests.serving import TOKEN, LiveServer, free_ports
from tests.wire.exporting import exporters, readable, send
from tests.wire.test_end_to_end import INSTANCES, MANIFESTS, documents, history

REPORT = "/api/v1/slas/invoice-posting/report"
LANDING = "INSERT INTO otlp_landing"


@pytest.fixture
def database(clickhouse: ClickHouse) -> Iterator[str]:
    yield clickhouse.new_database()
    clickhouse.fail()


@pytest.fixture
def server(own_server: LiveServer, clickhouse: ClickHouse, database: str) -> LiveServer:
    own_server.extra["CLICKHOUSE_URL"] = clickhouse.url(database)
    # A reading that is new waits half a minute if an insert's answer was lost before.
    own_server.patience = 60
    return own_server.start()


def stored(clickhouse: ClickHouse, database: str) -> int:
    return int(clickhouse.ask("SELECT count() FROM spans", database=database).text)


def right(found: list[dict[str, object]]) -> None:
    """The twenty invoices as they are, however they came here."""
    assert len(found) == 20
    states = [item["state"] for item in found]
    assert (states.count("completed"), states.count("running")) == (6, 14)
    three = next(item for item in found if {"type": "invoice.number", "value": "INV-0003"} in item["keys"])  # type: ignore[operator] # a JSON list
    assert [step["step"] for step in three["milestones"]] == ["finalized", "posted", "paid"]  # type: ignore[attr-defined] # likewise
    assert three["amount"] == {"value": "300.10", "currency": "EUR"}


def test_from_exporters_to_timelines(server: LiveServer, clickhouse: ClickHouse, database: str) -> None:
    server.apply(MANIFESTS)
    send(server, history(), Random(1))
    right(documents(server))
    (hit,) = server.get("/api/v1/search", q="9007", limit=1)["items"]
    assert {"type": "invoice.number", "value": "INV-0007"} in hit["keys"]
    report = server.get("/api/v1/slas/invoice-posting/report", **{"from": "2026-05-16", "to": "2026-05-17"})
    assert [report[name] for name in ("count", "met", "breached", "pending", "overdue")] == [20, 8, 8, 0, 4]
    before = documents(server)
    assert server.end() == 0
    server.start()
    assert documents(server) == before
    assert "p@ss" not in server.log
    assert "p%40ss" not in server.log


@pytest.mark.parametrize(
    ("command", "url", "said"),
    [
        ("serve", "http://control%20plane:hush@127.0.0.1:{port}/default", "Authentication failed"),
        ("serve", "http://u:hush@127.0.0.1:{unused}/default", "Connection refused; see CONTROLPLANE_CLICKHOUSE_URL"),
        ("migrate", "http://u:hush@127.0.0.1:{unused}/default", "Connection refused; see CONTROLPLANE_CLICKHOUSE_URL"),
        ("serve", "http://u:hush@127.0.0.1:nine/default", "see CONTROLPLANE_CLICKHOUSE_URL"),
        ("migrate", "postgresql://u:hush@127.0.0.1/default", "the ClickHouse URL must be chdb:///path or http(s)://"),
    ],
)
def test_a_store_that_can_not_be_used_ends_the_start_with_one_line(
    tmp_path: Path, clickhouse: ClickHouse, command: str, url: str, said: str
) -> None:
    address = url.format(port=clickhouse.port, unused=free_ports(1)[0])
    server = LiveServer(tmp_path / "data", {"CLICKHOUSE_URL": address, "LOG_LEVEL": "error"})
    done = subprocess.run(
        [sys.executable, "-m", "controlplane", command],
        env=server.environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr


def test_a_server_that_goes_away_costs_no_span(server: LiveServer, clickhouse: ClickHouse, database: str) -> None:
    server.apply(MANIFESTS)
    spans = history()
    send(server, spans[:20], Random(1))
    clickhouse.kill()
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-protobuf"}
    answer = httpx.post(f"{server.otlp_http}/v1/traces", content=body(spans[:1]), headers=headers, timeout=30)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert Status.FromString(answer.content).message == "the store can't be reached; send again in 5 s"
    with grpc.insecure_channel(server.otlp_grpc) as channel:
        call = channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        with pytest.raises(grpc.RpcError) as caught:
            call(body(spans[:1]), metadata=(("authorization", f"Bearer {TOKEN}"),), timeout=30)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    retry = RetryInfo()
    assert Status.FromString(details).details[0].Unpack(retry)
    assert retry.retry_delay.seconds == 5
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    # Exporters send again by themselves until the server is back.
    results: list[SpanExportResult] = []
    senders = exporters(server)
    threads = [
        threading.Thread(target=lambda one, part: results.append(one.export(part)), args=(one, part))
        for one, part in zip(senders, ([readable(span) for span in spans[start::3]] for start in range(3)), strict=True)
    ]
    for thread in threads:
        thread.start()
    time.sleep(1)
    assert not results
    clickhouse.start()
    for thread in threads:
        thread.join()
    assert results == [SpanExportResult.SUCCESS] * 3
    right(documents(server))
    for sender in senders:
        sender.shutdown()


def test_what_waits_for_a_slow_store_is_bounded(own_server: LiveServer, clickhouse: ClickHouse, database: str) -> None:
    own_server.extra |= {"CLICKHOUSE_URL": clickhouse.url(database), "INGEST_BUFFER_BYTES": "20000"}
    own_server.start()
    own_server.apply(MANIFESTS)
    clickhouse.fail(Fault("stall", LANDING, times=-1, seconds=1.5))
    content = body(history()[:20])
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/x-protobuf"}
    answers: list[httpx.Response] = []
    with httpx.Client(timeout=60) as client:

        def post() -> None:
            answers.append(client.post(f"{own_server.otlp_http}/v1/traces", content=content, headers=headers))

        threads = [threading.Thread(target=post) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    said = [(answer.status_code, answer.headers["retry-after"]) for answer in answers]
    assert said.count((503, "2")) >= 30 - 20_000 // len(content)
    assert set(said) == {(503, "2"), (503, "5")}
    clickhouse.fail()
    send(own_server, history(), Random(2))
    right(documents(own_server))


@pytest.mark.parametrize("kind", ["half", "after-reset"])
def test_an_insert_that_was_half_done_or_not_answered_counts_once(
    server: LiveServer, clickhouse: ClickHouse, database: str, kind: str
) -> None:
    server.apply(MANIFESTS)
    spans = history()
    # The client itself tries twice, and the exporter once more.
    clickhouse.fail(Fault(kind, LANDING, times=3))  # type: ignore[arg-type] # one of its kinds
    for turn, sender in enumerate(exporters(server)):
        # Each in an order of its own: the very bytes that were acknowledged before would not be stored again.
        sent = [*spans[turn:], *spans[:turn]]
        assert sender.export([readable(span) for span in sent]) is SpanExportResult.SUCCESS
        sender.shutdown()
    right(documents(server))
    assert clickhouse.met == 3
    assert stored(clickhouse, database) >= 3 * len(spans)
    assert server.get(INSTANCES, limit=500)["items"] == server.get(INSTANCES, limit=500)["items"]


@pytest.mark.postgres
def test_two_servers_on_one_store_and_one_database_say_the_same(
    tmp_path: Path, clickhouse: ClickHouse, database: str, postgres_url: str
) -> None:
    servers = []
    try:
        for name in ("one", "two"):
            (tmp_path / name / "data").mkdir(parents=True)
            extra = {"CLICKHOUSE_URL": clickhouse.url(database), "DATABASE_URL": postgres_url}
            # A new reading waits until no insert of the other can be under way any more, which takes half a minute.
            servers.append(LiveServer(tmp_path / name / "data", extra, patience=60, pause=1).start())
        one, two = servers
        send(two, history()[:10], Random(3))  # before anyone had declared the workflow
        one.apply(MANIFESTS)
        halves = history()
        Random(4).shuffle(halves)
        for server, part in ((one, halves[::2]), (two, halves[1::2])):
            send(server, part, Random(5))
        found = documents(one)
        right(found)
        assert documents(two) == found
        reports = [each.get(REPORT, **{"from": "2026-05-16", "to": "2026-05-17"}) for each in servers]
        assert [reports[0][name] for name in ("count", "met", "breached", "pending", "overdue")] == [20, 8, 8, 0, 4]
        assert {**reports[0], "to": ""} == {**reports[1], "to": ""}
        # What one of them took over while the other was away is there for both.
        assert two.end(signal.SIGKILL) < 0
        changed = MANIFESTS.replace("completes: [paid]", "completes: [posted]")
        one.apply(changed)
        one.until(INSTANCES, lambda answer: len(answer["items"]) == 16, state="completed", limit=500)
        two.start()
        assert documents(two) == documents(one)
    finally:
        for server in servers:
            assert server.end() == 0, server.log
