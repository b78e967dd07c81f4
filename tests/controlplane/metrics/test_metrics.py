from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import yaml
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import PlainTextResponse

from controlplane.http.guards import Metered
from controlplane.server import create
from controlplane.settings import Settings
from tests.clickhouse_http.faults import Fault
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.spans import SpanData, body
from tests.serving import TOKEN, LiveServer
from tests.wire.test_end_to_end import MANIFESTS, documents, history

DOCS = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text()
_ROW = re.compile(r"^\| `(controlplane_\w+)` \| (\w+) \| ([\w, ]*) \| (.+) \|$", re.MULTILINE)


def families(settings: Settings) -> list[Metric]:
    server = create(settings)
    server.state.database.close()
    return [*server.state.metrics.collect()]


def test_docs_and_code_list_the_same_figures(tmp_path: Path) -> None:
    documented = {name: (kind, labels, text) for name, kind, labels, text in _ROW.findall(DOCS)}
    found = {one.name: one for one in families(Settings(data_dir=tmp_path)) if one.name.startswith("controlplane_")}
    assert {name for name in documented if not name.startswith("controlplane_http_")} == set(found)
    for name, family in found.items():
        labels = ", ".join(family._labelnames)  # type: ignore[attr-defined] # as the family itself keeps them
        assert documented[name] == (family.type, labels, family.documentation)


def test_the_alerts_ask_for_figures_that_there_are() -> None:
    rules = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)[0])["groups"][0]["rules"]
    names = {
        re.sub("_(total|bucket)$", "", name) for rule in rules for name in re.findall(r"controlplane_\w+", rule["expr"])
    }
    assert len(names) > 3
    assert names <= {row[0] for row in _ROW.findall(DOCS)}


def figures(server: LiveServer) -> dict[str, float]:
    answer = httpx.get(f"{server.url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        sample.name + "".join(f",{value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.name.startswith(("controlplane_http_", "process_"))
    }


def post(server: LiveServer, content: bytes, kind: str = "application/x-protobuf") -> int:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": kind}
    return httpx.post(f"{server.otlp_http}/v1/traces", content=content, headers=headers, timeout=30).status_code


def test_figures_follow_what_happens(own_server: LiveServer, clickhouse: ClickHouse) -> None:
    own_server.extra["CLICKHOUSE_URL"] = clickhouse.url(clickhouse.new_database())
    own_server.patience = 60
    own_server.start()
    own_server.apply(MANIFESTS)
    spans = history()
    content = body(spans)
    assert post(own_server, content) == 200
    invalid = body([SpanData("kept", 1), SpanData("no id", 0)])
    assert post(own_server, invalid) == 200
    assert post(own_server, b'{"resourceSpans": []}', "application/json") == 200
    assert post(own_server, b"\xff") == 400
    clickhouse.fail(Fault("refuse", "INSERT INTO otlp_landing"))
    assert post(own_server, body(spans[:3])) == 503
    documents(own_server)
    now = figures(own_server)
    stored = len(spans) + 1
    milestones = sum(span.name != "render.pdf" for span in spans)
    assert now["controlplane_otlp_requests_total,http/protobuf"] == 4
    assert now["controlplane_otlp_requests_total,http/json"] == 1
    assert now["controlplane_otlp_refusals_total,HTTP 400"] == 1
    assert now["controlplane_otlp_refusals_total,HTTP 503"] == 1
    assert now["controlplane_otlp_refused_total,undecodable"] == 1
    assert now["controlplane_otlp_refused_total,store away"] == 1
    assert now["controlplane_spans_received_total"] == stored + 1 + 3
    assert now["controlplane_spans_unstored_total,invalid id"] == 1
    assert now["controlplane_spans_unstored_total,store away"] == 3
    assert now["controlplane_spans_stored_total"] == stored
    assert len(content) < now["controlplane_span_bytes_stored_total"] < now["controlplane_span_bytes_received_total"]
    assert now["controlplane_inserts_total"] == now["controlplane_insert_seconds_count"] == 2
    assert now["controlplane_insert_seconds_bucket,+Inf"] == 2
    assert 0 < now["controlplane_insert_seconds_sum"] < 30
    assert now["controlplane_insert_failures_total"] == 1
    assert now["controlplane_acknowledgement_seconds_count,http/protobuf"] == 2
    assert now["controlplane_acknowledgement_seconds_bucket,+Inf,http/json"] == 1
    assert now["controlplane_acknowledgement_seconds_sum,http/protobuf"] > now["controlplane_insert_seconds_sum"]
    assert now["controlplane_buffer_bytes"] == 0
    assert now["controlplane_buffer_limit_bytes"] == 256 * 1024 * 1024
    assert now["controlplane_correlation_milestones_total"] >= milestones
    assert now["controlplane_correlation_rounds_total"] >= 1
    assert now["controlplane_correlation_lag_seconds"] == 0
    assert now["controlplane_workflows_read"] == 1


def test_what_is_shown_is_prometheus_text_by_its_conventions(live_server: LiveServer) -> None:
    """Each family has its help and type before its samples, each name its unit, and no series stands there twice."""
    text = httpx.get(f"{live_server.url}/metrics").text
    assert text.endswith("\n")
    series = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(series) == len(set(series))
    told: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            what, name, said = line[2:].split(" ", 2)
            assert said, line
            told[name] = said if what == "TYPE" else told.get(name, "")
            continue
        name = re.split("[{ ]", line, maxsplit=1)[0]
        family = name if name in told else re.sub("_(bucket|sum|count)$", "", name)
        kind = told[family]
        assert kind in {"counter", "gauge", "histogram"}, line
        assert name.endswith("_total") == (kind == "counter"), line
        if kind == "histogram":
            assert family.endswith("_seconds"), line
    assert {"process_resident_memory_bytes", "process_cpu_seconds_total", "controlplane_build_info"} <= told.keys()


def test_series_do_not_grow_with_what_senders_make_up(live_server: LiveServer) -> None:
    def made_up(word: str) -> None:
        headers = {"authorization": f"Bearer {word}", "user-agent": word, "content-type": f"application/{word}"}
        with httpx.Client(headers=headers) as client:
            client.post(f"{live_server.otlp_http}/v1/traces", content=b"")
            client.get(f"{live_server.otlp_http}/{word}")
            client.get(f"{live_server.url}/api/v1/{word}?{word}=1")
            client.get(f"{live_server.url}/workflows/{word}/instances/{word}")
            client.post(f"{live_server.url}/hooks/{word}")
            client.get(f"{live_server.url}/static/{word}.css")
            client.get(f"{live_server.url}/ccompat/subjects/{word}")
        span = body([SpanData(word, 77, resource={"service.name": word})])
        assert post(live_server, span) == 200

    def series() -> set[str]:
        lines = httpx.get(f"{live_server.url}/metrics").text.splitlines()
        return {line.rpartition(" ")[0] for line in lines}

    made_up("first")
    before = series()
    for number in range(5):
        made_up(f"word-{number}")
    after = series()
    assert after == before
    assert not any("first" in one for one in after)


def test_methods_that_somebody_makes_up_are_one_more() -> None:
    registry = CollectorRegistry()
    client = TestClient(Metered(PlainTextResponse("well"), registry))
    for method in ("GET", "BREW", "WHEN", "get"):
        client.request(method, "/")
    (family,) = [one for one in registry.collect() if one.name == "controlplane_http_requests"]
    assert {one.labels["method"] for one in family.samples} == {"GET", "_OTHER"}


def test_how_things_stand_is_shown(own_server: LiveServer) -> None:
    """By a server that begins with an SLA that is missed; what is counted is at most half a minute old, so it starts again."""
    own_server.start()
    own_server.apply(MANIFESTS)
    assert (
        post(own_server, body([SpanData("stripe.invoice.finalized", 1, attributes={"invoice.number": "INV-1"})])) == 200
    )
    own_server.until("/api/v1/workflows/invoice-to-cash/instances", lambda answer: answer["items"])
    own_server.end()
    now = figures(own_server.start())
    assert now["controlplane_sla_overdue,invoice-posting"] == 1
    assert (now["controlplane_incidents,open"], now["controlplane_incidents,acknowledged"]) == (0, 0)
    assert now["controlplane_retention_failures_total"] == 0
    assert now["controlplane_journal_segments_refused"] == 0


def test_figures_are_told_while_the_database_is_away(tmp_path: Path) -> None:
    """The database of :func:`families` has no tables."""
    found = {one.name: one for one in families(Settings(data_dir=tmp_path))}
    assert found["controlplane_incidents"].samples == []
    assert found["controlplane_buffer_bytes"].samples[0].value == 0


def test_a_workflow_that_reads_history_is_seen_to(own_server: LiveServer, clickhouse: ClickHouse) -> None:
    own_server.extra["CLICKHOUSE_URL"] = clickhouse.url(clickhouse.new_database())
    own_server.start()
    week = 7 * 86_400
    assert post(own_server, body([SpanData("old", ident, -ident * week) for ident in range(1, 4)])) == 200
    clickhouse.fail(Fault("refuse", "INSERT INTO milestones", times=-1))
    own_server.apply(MANIFESTS)
    for _ in range(300):
        now = figures(own_server)
        if now.get("controlplane_history_weeks,invoice-to-cash") == 3:
            break
        time.sleep(0.1)
    assert now["controlplane_history_weeks,invoice-to-cash"] == 3
    assert now["controlplane_history_weeks_done,invoice-to-cash"] == 0
    assert now["controlplane_workflows_read"] == 0
    clickhouse.fail()
