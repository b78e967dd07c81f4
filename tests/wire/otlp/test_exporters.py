"""OpenTelemetry's own exporters: what they send arrives whole, and what we answer they understand."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export import SpanExportResult

from tests.collectors.spans import SpanData
from tests.serving import LiveServer
from tests.wire.exporting import exporters, readable
from tests.wire.otlp import javascript

JAVASCRIPT = ("grpc", "grpc, gzip", "json", "json, gzip", "protobuf", "protobuf, gzip")
PYTHON = ("grpc", "protobuf", "protobuf, gzip")


@pytest.mark.parametrize("number", range(len(PYTHON)), ids=PYTHON)
def test_pythons_exporters_are_understood(live_server: LiveServer, number: int) -> None:
    sender = exporters(live_server)[number]
    data = SpanData("from python", 0xB0_0000 + number, attributes={"whole": 2**53, "text": "ü€"})
    assert sender.export([readable(data)]) is SpanExportResult.SUCCESS
    (span,) = live_server.get(f"/api/v1/traces/{data.ident:032x}")["spans"]
    assert span["attributes"] == {"whole": str(2**53), "text": "ü€"}
    sender.shutdown()


@pytest.mark.parametrize("number", range(len(PYTHON)), ids=PYTHON)
def test_pythons_exporters_hear_that_a_token_is_wrong(live_server: LiveServer, number: int) -> None:
    sender = exporters(live_server, "cp_nobody_nothing")[number]
    assert sender.export([readable(SpanData("stranger", 0xB1_0000))]) is SpanExportResult.FAILURE
    sender.shutdown()


def test_javascripts_exporters_send_the_same_by_every_transport(live_server: LiveServer) -> None:
    results = javascript.send(live_server)
    assert results == {name: {"code": 0} for name in JAVASCRIPT}
    spans = []
    for number in range(len(JAVASCRIPT)):
        (span,) = live_server.get(f"/api/v1/traces/{0xABCD00 + number:032x}")["spans"]
        assert span.pop("trace_id") == f"{0xABCD00 + number:032x}"
        assert span.pop("span_id") == f"{0xEF00 + number * 16:016x}"
        assert span["attributes"].pop("invoice.number") == f"INV-JS-{number}"
        spans.append(span)
    assert all(span == spans[0] for span in spans)
    assert spans[0]["attributes"] == {
        "text": "ü€", "whole": "7", "large": str(2**53 - 1), "negative": "-1", "half": "0.5", "yes": "true", "no": "false",
        "list": '["a","b"]', "numbers": "[1,2.5]", "empty": "",
    }  # fmt: skip
    assert spans[0]["started_at"] == "2026-05-16T08:00:00.123456789Z"
    assert (spans[0]["duration_ns"], spans[0]["kind"], spans[0]["service"]) == (
        1_876_543_212,
        "producer",
        "node-billing",
    )
    assert (spans[0]["status"], spans[0]["status_message"]) == ("error", "period closed")
    assert spans[0]["events"] == [
        {"at": "2026-05-16T08:00:01.000000005Z", "name": "retried", "attributes": {"attempt": "2"}}
    ]
    assert spans[0]["links"] == [
        {"trace_id": "5b8efff798038103d269b633813fc60c", "span_id": "eee19b7ec3c1b174", "attributes": {"why": "queue"}}
    ]


def test_javascripts_exporters_hear_that_a_token_is_wrong(live_server: LiveServer) -> None:
    results = javascript.send(live_server, "cp_nobody_nothing")
    assert set(results) == set(JAVASCRIPT)
    assert all(one["code"] == 1 for one in results.values())
    assert "UNAUTHENTICATED" in results["grpc"]["error"]
    assert "Unauthorized" in results["json"]["error"]
