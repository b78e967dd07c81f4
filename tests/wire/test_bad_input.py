"""What senders do wrong: each gets a clear answer, and nothing beside it is harmed."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable
from typing import Any

import grpc
import httpx
import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from tests.collectors.spans import SpanData, body, request
from tests.serving import TOKEN, LiveServer

PROTOBUF = {"content-type": "application/x-protobuf", "authorization": f"Bearer {TOKEN}"}
JSON = {**PROTOBUF, "content-type": "application/json"}
GZIP = {**PROTOBUF, "content-encoding": "gzip"}
GOOD = body([SpanData("good", 1)])
MAX_BYTES = 64 * 1024 * 1024


def post(server: LiveServer, content: bytes, headers: dict[str, str], path: str = "/v1/traces") -> httpx.Response:
    return httpx.post(f"{server.otlp_http}{path}", content=content, headers=headers, timeout=60)


def status(answer: httpx.Response) -> Status:
    assert answer.headers["content-type"] == "application/x-protobuf"
    return Status.FromString(answer.content)


def test_an_empty_request_is_a_success_in_either_encoding(live_server: LiveServer) -> None:
    answer = post(live_server, b"", PROTOBUF)
    assert (answer.status_code, answer.content) == (200, b"")
    answer = post(live_server, b"{}", JSON)
    assert (answer.status_code, answer.json()) == (200, {})


@pytest.mark.parametrize(
    ("content", "headers", "code", "said"),
    [
        (b"\xff\xff\xff", PROTOBUF, 400, "not a valid ExportTraceServiceRequest"),
        (GOOD[:-3], PROTOBUF, 400, "not a valid ExportTraceServiceRequest"),
        (GOOD, GZIP, 400, "not valid gzip"),
        (gzip.compress(GOOD)[:-9], GZIP, 400, "ends too early"),
        (gzip.compress(GOOD) + b"more", GZIP, 400, "something behind"),
        (GOOD, {**PROTOBUF, "content-encoding": "br"}, 415, "content-encoding must be gzip or none"),
        (GOOD, {**PROTOBUF, "content-type": "text/plain"}, 415, "content-type must be"),
        (GOOD, {"content-type": "application/x-protobuf"}, 401, "a bearer token is needed"),
        (GOOD, {**PROTOBUF, "authorization": "Bearer cp_nobody_nothing"}, 401, "a bearer token is needed"),
        (GOOD, {**PROTOBUF, "authorization": "Basic abc"}, 401, "a bearer token is needed"),
    ],
    ids=[
        "bytes",
        "cut short",
        "not gzip",
        "gzip cut short",
        "more behind gzip",
        "brotli",
        "text",
        "no token",
        "wrong token",
        "basic",
    ],
)
def test_a_bad_request_gets_a_status_that_says_why(
    live_server: LiveServer, content: bytes, headers: dict[str, str], code: int, said: str
) -> None:
    answer = post(live_server, content, headers)
    assert answer.status_code == code
    assert said in status(answer).message
    assert post(live_server, GOOD, PROTOBUF).status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"resourceSpans": 1}', b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz"}]}]}]}'],
)
def test_bad_json_is_answered_in_json(live_server: LiveServer, content: bytes) -> None:
    answer = post(live_server, content, JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] == 3
    assert answer.json()["message"]


def test_a_gzip_bomb_is_stopped_at_the_limit(live_server: LiveServer) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(2 * MAX_BYTES // (1024 * 1024))) + packer.flush()
    assert len(bomb) < 1024 * 1024
    answer = post(live_server, bomb, GZIP)
    assert answer.status_code == 413
    assert "larger than 67108864 bytes" in status(answer).message


def test_a_body_that_is_too_large_is_refused_before_it_is_read(live_server: LiveServer) -> None:
    with socket.create_connection(("127.0.0.1", live_server.ports[1]), timeout=30) as raw:
        head = f"POST /v1/traces HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/x-protobuf\r\n"
        raw.sendall(f"{head}content-length: {MAX_BYTES + 1}\r\n\r\n".encode())
        assert raw.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_other_paths_and_methods(live_server: LiveServer) -> None:
    assert post(live_server, GOOD, PROTOBUF, "/v1/metrics").status_code == 404
    answer = httpx.get(f"{live_server.otlp_http}/v1/traces")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_spans_with_absurd_times_and_ids_are_left_out_and_counted(live_server: LiveServer) -> None:
    message = request(
        [SpanData("kept", 501), SpanData("no clock", 502), SpanData("far ahead", 503), SpanData("short id", 504)]
    )
    spans = [resource.scope_spans[0].spans[0] for resource in message.resource_spans]
    spans[1].start_time_unix_nano = 0
    spans[2].end_time_unix_nano = 2**63
    spans[3].trace_id = b"abc"
    answer = post(live_server, message.SerializeToString(), PROTOBUF)
    assert answer.status_code == 200
    partial = ExportTraceServiceResponse.FromString(answer.content).partial_success
    assert partial.rejected_spans == 3
    assert "before 1990" in partial.error_message
    assert "a year ahead" in partial.error_message
    assert "trace_id must be 16 bytes" in partial.error_message
    trace = live_server.get(f"/api/v1/traces/{501:032x}")
    assert [span["name"] for span in trace["spans"]] == ["kept"]


def test_every_kind_of_value_is_stored_as_it_was_sent(live_server: LiveServer) -> None:
    attributes = {
        "s": "ü",
        "i": -7,
        "big": 2**62,
        "d": 0.1,
        "t": True,
        "f": False,
        "b": b"\x00\xff",
        "l": [1, "a", [True]],
        "m": {"x": {"y": 1.5}},
        "e": "",
    }
    assert post(live_server, body([SpanData("values", 601, attributes=attributes)]), PROTOBUF).status_code == 200
    (span,) = live_server.get(f"/api/v1/traces/{601:032x}")["spans"]
    assert span["attributes"] == {
        "s": "ü", "i": "-7", "big": str(2**62), "d": "0.1", "t": "true", "f": "false", "b": "AP8=", "l": '[1,"a",[true]]',
        "m": '{"x":{"y":1.5}}', "e": "",
    }  # fmt: skip


def export(server: LiveServer, content: bytes, *metadata: tuple[str, str]) -> Any:
    with grpc.insecure_channel(server.otlp_grpc, options=[("grpc.max_send_message_length", -1)]) as channel:
        call: Callable[..., Any] = channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        return call(content, metadata=metadata, timeout=30)


def refused(server: LiveServer, content: bytes, *metadata: tuple[str, str]) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        export(server, content, *metadata)
    return caught.value


ADMIN = ("authorization", f"Bearer {TOKEN}")


def test_grpc_answers_with_the_codes_of_the_specification(live_server: LiveServer) -> None:
    assert export(live_server, GOOD, ADMIN) == b""
    assert export(live_server, b"", ADMIN) == b""
    assert refused(live_server, b"\xff\xff", ADMIN).code() is grpc.StatusCode.INVALID_ARGUMENT
    assert refused(live_server, GOOD).code() is grpc.StatusCode.UNAUTHENTICATED
    assert refused(live_server, GOOD, ("authorization", "Bearer wrong")).code() is grpc.StatusCode.UNAUTHENTICATED
    assert refused(live_server, bytes(MAX_BYTES + 1), ADMIN).code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_collectors_token_can_only_send(live_server: LiveServer) -> None:
    token = live_server.token("collector")
    assert post(live_server, GOOD, {**PROTOBUF, "authorization": f"Bearer {token}"}).status_code == 200
    assert export(live_server, GOOD, ("authorization", f"Bearer {token}")) == b""
    with live_server.client(token) as client:
        for path in (
            "/api/v1/search?q=x",
            "/api/v1/workflows/x/instances",
            "/api/v1/slas/x/report",
            f"/api/v1/traces/{1:032x}",
        ):
            assert client.get(path).status_code == 403, path
        assert client.post("/api/v1/apply", content="").status_code == 403
        answer = client.post("/graphql", json={"query": "{ workflows }"}).json()
    assert answer["data"] is None
    assert "your role does not allow workflows:read" in answer["errors"][0]["message"]


def test_a_viewer_reads_and_can_neither_send_nor_apply(live_server: LiveServer) -> None:
    token = live_server.token("viewer")
    assert post(live_server, GOOD, {**PROTOBUF, "authorization": f"Bearer {token}"}).status_code == 403
    assert refused(live_server, GOOD, ("authorization", f"Bearer {token}")).code() is grpc.StatusCode.PERMISSION_DENIED
    with live_server.client(token) as client:
        assert client.get("/api/v1/search?q=x").status_code == 200
        assert client.post("/api/v1/apply", content="").status_code == 403


def test_receivers_are_open_on_loopback_only_where_the_setting_says_so(own_server: LiveServer) -> None:
    own_server.extra["OTLP_OPEN"] = "true"
    own_server.start()
    assert post(own_server, GOOD, {"content-type": "application/x-protobuf"}).status_code == 200
    assert export(own_server, GOOD) == b""
    assert post(own_server, GOOD, {**PROTOBUF, "authorization": "Bearer wrong"}).status_code == 401
    assert httpx.get(f"{own_server.url}/api/v1/search?q=x").status_code == 401
    assert "take spans without a token" in own_server.log


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/v1/workflows/nothing/instances", "there is no workflow 'nothing'"),
        ("/api/v1/slas/nothing/report", "there is no SLA 'nothing'"),
        ("/api/v1/traces/abc", "there is no trace 'abc'"),
    ],
)
def test_what_is_not_there_is_said(live_server: LiveServer, path: str, said: str) -> None:
    with live_server.client() as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_questions_that_make_no_sense_are_answered_with_what_would(live_server: LiveServer) -> None:
    live_server.apply(
        """
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: asked}
spec:
  object: invoice
  keys: [{type: invoice, attribute: invoice.id}]
  dimensions: {entity: business.entity}
  steps: [{name: one, system: a, match: {span: one}}, {name: two, system: b, match: {span: two}}]
---
apiVersion: controlplane/v1
kind: SLA
metadata: {name: asked-sla}
spec: {workflow: asked, from: one, to: two, within: PT1H}
"""
    )
    path, report = "/api/v1/workflows/asked/instances", "/api/v1/slas/asked-sla/report"
    with live_server.client() as client:
        for url, said in (
            (f"{path}?entitty=DE", "did you mean entity?"),
            (f"{path}?key=INV-1", "key must be TYPE:VALUE"),
            (f"{path}?from=yesterday", "from: 'yesterday' is no time"),
            (f"{path}?cursor=rubbish", "cursor"),
            (f"{report}?by=region", "has no dimension 'region'; it has entity"),
            (f"{report}?from=2026-02-01&to=2026-01-01", "comes after to"),
            (f"{report}?to=soon", "to: 'soon' is no time"),
        ):
            answer = client.get(url)
            assert answer.status_code == 400, url
            assert said in answer.json()["detail"], url
        assert client.get(f"{path}?limit=501").status_code == 422
        assert client.get(f"{path}?state=lost").status_code == 422
