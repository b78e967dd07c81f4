from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import yaml
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

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
    found = {one.name: one for one in families(Settings(data_dir=tmp_path))}
    assert {name for name in documented if not name.startswith("controlplane_http_")} == set(found)
    for name, family in found.items():
        labels = ", ".join(family._labelnames)  # type: ignore[attr-defined] # as the family itself keeps them
        assert documented[name] == (family.type, labels, family.documentation)


def test_the_alerts_ask_for_figures_that_there_are() -> None:
    rules = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)[0])["groups"][0]["rules"]
    names = {name.removesuffix("_total") for rule in rules for name in re.findall(r"controlplane_\w+", rule["expr"])}
    assert len(names) > 3
    assert names <= {row[0] for row in _ROW.findall(DOCS)}


def figures(server: LiveServer) -> dict[str, float]:
    answer = httpx.get(f"{server.url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        sample.name + "".join(f",{value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if not sample.name.startswith("controlplane_http_")
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
    assert now["controlplane_buffer_bytes"] == 0
    assert now["controlplane_buffer_limit_bytes"] == 256 * 1024 * 1024
    assert now["controlplane_correlation_milestones_total"] >= milestones
    assert now["controlplane_correlation_rounds_total"] >= 1
    assert now["controlplane_correlation_lag_seconds"] == 0
    assert now["controlplane_workflows_read"] == 1


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
