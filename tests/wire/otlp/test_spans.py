"""All that a span may say, by every way the same."""

from __future__ import annotations

import math
from itertools import count
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from tests.collectors.spans import SECOND, T0, SpanData, request
from tests.serving import LiveServer
from tests.wire.otlp.transports import TRANSPORTS, Transport, send

_idents = count(0xF0_0000)
over_each = pytest.mark.parametrize("transport", TRANSPORTS)
VALUES: dict[str, object] = {
    "": "no name", "text": "ü€\n\x00", "empty": "", "true": True, "false": False, "int": -(2**63), "large": 2**63 - 1,
    "zero": 0, "half": 0.5, "nan": math.nan, "inf": math.inf, "-inf": -math.inf, "bytes": b"\xff\x00", "no bytes": b"",
    "list": ["a", 1, [True, {}], {"in": ["it"]}, b"\xff"], "no list": [], "map": {"a": {"b": {"c": [1.5]}}}, "no map": {},
}  # fmt: skip
READ = {
    "": "no name", "text": "ü€\n\x00", "empty": "", "true": "true", "false": "false", "int": str(-(2**63)),
    "large": str(2**63 - 1), "zero": "0", "half": "0.5", "nan": "nan", "inf": "inf", "-inf": "-inf", "bytes": "/wA=",
    "no bytes": "", "list": '["a",1,[true,{}],{"in":["it"]},"/w=="]', "no list": "[]", "map": '{"a":{"b":{"c":[1.5]}}}',
    "no map": "{}", "none": "",
}  # fmt: skip


def stored(server: LiveServer, transport: Transport, message: ExportTraceServiceRequest) -> dict[str, Any]:
    """The one span of a request, as it is read back."""
    answer = send(server, transport, message)
    assert answer.code == "OK"
    assert answer.response is not None
    assert not answer.response.HasField("partial_success")
    ident = message.resource_spans[0].scope_spans[0].spans[0].trace_id.hex()
    (span,) = server.get(f"/api/v1/traces/{ident}")["spans"]
    return dict(span)


@over_each
def test_every_kind_of_value_is_read_the_same_by_every_way(live_server: LiveServer, transport: Transport) -> None:
    message = request([SpanData("values", next(_idents), attributes=VALUES, events=(("event", VALUES),))])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    for attributes in (span.attributes, span.events[0].attributes):
        attributes.append(KeyValue(key="none"))
    span.links.add(trace_id=bytes(15) + b"\x01", span_id=bytes(7) + b"\x01").attributes.extend(span.attributes)
    found = stored(live_server, transport, message)
    assert found["attributes"] == READ
    assert found["events"][0]["attributes"] == READ
    assert found["links"][0]["attributes"] == READ


@over_each
def test_what_a_span_may_leave_out_or_say_beside_is_taken(live_server: LiveServer, transport: Transport) -> None:
    message = request([SpanData("", next(_idents), resource={})])
    resource_spans = message.resource_spans[0]
    resource_spans.schema_url = resource_spans.scope_spans[0].schema_url = "https://opentelemetry.io/schemas/1.37.0"
    resource_spans.resource.dropped_attributes_count = 1
    resource_spans.scope_spans[0].scope.dropped_attributes_count = 2
    span = resource_spans.scope_spans[0].spans[0]
    span.kind, span.status.code = 0, 0
    span.trace_state, span.flags = "vendor=1,ot=th:8", 0x301
    span.dropped_attributes_count, span.dropped_events_count, span.dropped_links_count = 3, 4, 5
    span.events.add(dropped_attributes_count=6)
    span.links.add(trace_id=bytes(15) + b"\x02", span_id=bytes(7) + b"\x02", flags=1, trace_state="a=b")
    found = stored(live_server, transport, message)
    assert (found["name"], found["kind"], found["status"], found["service"]) == ("", "unspecified", "unset", "")
    assert (found["attributes"], found["resource"]) == ({}, {})
    assert [one["name"] for one in found["events"]] == [""]
    assert [one["span_id"] for one in found["links"]] == ["0000000000000002"]


@over_each
def test_a_span_that_ends_before_it_starts_has_no_duration(live_server: LiveServer, transport: Transport) -> None:
    message = request([SpanData("back", next(_idents))])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    span.end_time_unix_nano = T0 - SECOND
    found = stored(live_server, transport, message)
    assert (found["started_at"], found["duration_ns"]) == ("2026-05-16T08:00:00Z", 0)


@over_each
@pytest.mark.parametrize("at", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_an_event_of_any_time_spoils_nothing(live_server: LiveServer, transport: Transport, at: int) -> None:
    message = request([SpanData("odd event", next(_idents), events=(("when", {}),))])
    message.resource_spans[0].scope_spans[0].spans[0].events[0].time_unix_nano = at
    assert [one["name"] for one in stored(live_server, transport, message)["events"]] == ["when"]


@over_each
def test_of_two_attributes_of_one_name_one_is_read(live_server: LiveServer, transport: Transport) -> None:
    message = request([SpanData("twice", next(_idents))])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    for value in ("first", "second"):
        span.attributes.add(key="same").value.string_value = value
    assert set(stored(live_server, transport, message)["attributes"]) == {"same"}


@over_each
@pytest.mark.parametrize("deep", [30, 45])
def test_values_that_are_nested_deeply_are_read_or_refused_and_harm_nothing(
    live_server: LiveServer, transport: Transport, deep: int
) -> None:
    value: object = "in it"
    for _ in range(deep):
        value = [value]
    ident = next(_idents)
    answer = send(live_server, transport, request([SpanData("deep", ident, attributes={"deep": value})]))
    if answer.code != "OK":
        assert (answer.code, answer.retry_after) == ("INVALID_ARGUMENT", None)
        assert deep > 30
        return
    (span,) = live_server.get(f"/api/v1/traces/{ident:032x}")["spans"]
    assert span["attributes"]["deep"] == "[" * deep + '"in it"' + "]" * deep
