"""What OTLP demands of a server's answers, over every transport."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import count

import grpc
import httpx
import pytest

from tests.clickhouse_http.faults import Fault
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.spans import SpanData, request
from tests.serving import TOKEN, LiveServer
from tests.wire.otlp.transports import TRANSPORTS, Transport, encoded, send

LIMIT = 200_000
_idents = count(0xA0_0000)

over_each = pytest.mark.parametrize("transport", TRANSPORTS)
plain_and_zipped = pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, clickhouse: ClickHouse) -> Iterator[LiveServer]:
    """A server that takes little at once, on a store that can be made to fail."""
    extra = {"OTLP_MAX_BYTES": str(LIMIT), "CLICKHOUSE_URL": clickhouse.url(clickhouse.new_database())}
    server = LiveServer(tmp_path_factory.mktemp("small") / "data", extra).start()
    yield server
    server.end()


def names(server: LiveServer, ident: int) -> list[str]:
    return [span["name"] for span in server.get(f"/api/v1/traces/{ident:032x}")["spans"]]


@over_each
@plain_and_zipped
def test_a_success_has_no_partial_success_and_is_stored(
    live_server: LiveServer, transport: Transport, zipped: bool
) -> None:
    ident = next(_idents)
    answer = send(live_server, transport, request([SpanData("whole", ident)]), zipped=zipped)
    assert (answer.code, answer.http) == ("OK", None if transport == "grpc" else 200)
    assert answer.response is not None
    assert not answer.response.HasField("partial_success")
    assert names(live_server, ident) == ["whole"]


@over_each
@plain_and_zipped
def test_an_empty_request_succeeds(live_server: LiveServer, transport: Transport, zipped: bool) -> None:
    answer = send(live_server, transport, request([]), zipped=zipped)
    assert answer.code == "OK"
    assert answer.response is not None
    assert not answer.response.HasField("partial_success")


@over_each
def test_spans_that_can_not_be_kept_are_left_out_and_counted(live_server: LiveServer, transport: Transport) -> None:
    kept = next(_idents)
    message = request([SpanData("kept", kept), *(SpanData("bad", next(_idents)) for _ in range(5))])
    bad = [resource.scope_spans[0].spans[0] for resource in message.resource_spans][1:]
    bad[0].trace_id = b"abc"
    bad[1].trace_id = bytes(16)
    bad[2].span_id = bytes(8)
    bad[3].span_id = bytes(9)
    bad[4].start_time_unix_nano = 1
    answer = send(live_server, transport, message)
    assert answer.code == "OK"
    assert answer.response is not None
    assert answer.response.partial_success.rejected_spans == 5
    for said in ("trace_id must be 16 bytes", "span_id must be 8 bytes", "is before 1990"):
        assert said in answer.response.partial_success.error_message
    assert names(live_server, kept) == ["kept"]


@over_each
def test_a_request_of_nothing_but_bad_spans_is_still_a_partial_success(
    live_server: LiveServer, transport: Transport
) -> None:
    answer = send(live_server, transport, request([SpanData("bad", 0)]))
    assert answer.code == "OK"
    assert answer.response is not None
    assert answer.response.partial_success.rejected_spans == 1


@over_each
def test_an_id_of_a_parent_or_link_that_is_none_is_kept_and_leads_nowhere(
    live_server: LiveServer, transport: Transport
) -> None:
    ident = next(_idents)
    message = request([SpanData("orphan", ident)])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    span.parent_span_id = b"abc"
    span.links.add(trace_id=b"abcd", span_id=b"")
    answer = send(live_server, transport, message)
    assert answer.code == "OK"
    assert answer.response is not None
    assert not answer.response.HasField("partial_success")
    (found,) = live_server.get(f"/api/v1/traces/{ident:032x}")["spans"]
    assert (found["parent_span_id"], found["links"][0]["trace_id"]) == (b"abc".hex(), b"abcd".hex())
    context = live_server.get(f"/api/v1/traces/{ident:032x}/context")
    assert (context["comes_from"], context["continues_in"]) == ([], [])
    with live_server.client() as client:
        assert client.get(f"/traces/{ident:032x}", headers={"accept": "text/html"}).status_code == 200


@over_each
@pytest.mark.parametrize("body", [b"\xff\xff\xff", b"[]"], ids=["bytes", "list"])
def test_what_can_not_be_decoded_is_refused_for_good(
    live_server: LiveServer, transport: Transport, body: bytes
) -> None:
    answer = send(live_server, transport, body)
    assert (answer.code, answer.retry_after) == ("INVALID_ARGUMENT", None)
    assert answer.http in (None, 400)
    assert answer.bad_request == answer.message != ""


@over_each
def test_text_that_is_no_utf_8_is_refused(live_server: LiveServer, transport: Transport) -> None:
    body = encoded(transport, request([SpanData("name", next(_idents))])).replace(b"name", b"\xff\xfe\xfd\xfc")
    answer = send(live_server, transport, body)
    assert (answer.code, answer.http) == ("INVALID_ARGUMENT", None if transport == "grpc" else 400)


@over_each
@plain_and_zipped
def test_the_limit_holds_before_and_after_decompression(small: LiveServer, transport: Transport, zipped: bool) -> None:
    large = request([SpanData("large", next(_idents), attributes={"text": "x" * LIMIT})])
    answer = send(small, transport, large, zipped=zipped)
    assert (answer.code, answer.retry_after) == ("RESOURCE_EXHAUSTED", None)
    assert answer.http in (None, 413)
    assert send(small, transport, request([SpanData("small", next(_idents))]), zipped=zipped).code == "OK"


@over_each
def test_nobody_sends_without_a_token(live_server: LiveServer, transport: Transport) -> None:
    message = request([SpanData("stranger", next(_idents))])
    for token in (None, "cp_nobody_nothing"):
        answer = send(live_server, transport, message, token=token)
        assert (answer.code, answer.retry_after) == ("UNAUTHENTICATED", None)
        assert answer.http in (None, 401)
        assert "a bearer token is needed" in answer.message
    answer = send(live_server, transport, message, token=live_server.token("viewer"))
    assert (answer.code, answer.retry_after) == ("PERMISSION_DENIED", None)
    assert answer.http in (None, 403)


@over_each
def test_a_fault_that_passes_is_told_with_a_delay(
    small: LiveServer, clickhouse: ClickHouse, transport: Transport
) -> None:
    ident = next(_idents)
    message = request([SpanData("again", ident)])
    clickhouse.fail(Fault("refuse", "INSERT INTO otlp_landing", times=-1))
    answer = send(small, transport, message)
    clickhouse.fail()
    assert (answer.code, answer.http) == ("UNAVAILABLE", None if transport == "grpc" else 503)
    assert answer.retry_after == 5
    assert answer.message == "the store can't be reached; send again in 5 s"
    assert send(small, transport, message).code == "OK"
    assert names(small, ident) == ["again"]


@over_each
@pytest.mark.parametrize("code", [241, 242, 252, 286, 319])
def test_a_store_that_takes_no_rows_for_now_makes_senders_come_back(
    small: LiveServer, clickhouse: ClickHouse, transport: Transport, code: int
) -> None:
    """No memory, read-only, too many parts, no quorum, a quorum that nobody knows of."""
    ident = next(_idents)
    message = request([SpanData("later", ident)])
    # Once: an insert of nothing, which tells a body's own fault from the store's, would succeed.
    clickhouse.fail(Fault("error", "INSERT INTO otlp_landing", code=code))
    answer = send(small, transport, message)
    met = clickhouse.met
    clickhouse.fail()
    assert (answer.code, answer.http, met) == ("UNAVAILABLE", None if transport == "grpc" else 503, 1)
    assert answer.retry_after == 5
    assert send(small, transport, message).code == "OK"
    assert names(small, ident) == ["later"]


@over_each
def test_what_a_later_version_adds_is_ignored(live_server: LiveServer, transport: Transport) -> None:
    ident = next(_idents)
    body = encoded(transport, request([SpanData("later", ident)]))
    # Field 999 of the request as a text, in either encoding.
    body = body[:-1] + b',"newField":{"a":[1]}}' if transport == "http/json" else body + b"\xba\x3e\x03new"
    assert send(live_server, transport, body).code == "OK"
    assert names(live_server, ident) == ["later"]


def test_a_gzip_bomb_is_stopped_over_http(small: LiveServer) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(64)) + packer.flush()
    assert len(bomb) < LIMIT
    headers = {"content-type": "application/x-protobuf", "content-encoding": "gzip", "authorization": f"Bearer {TOKEN}"}
    assert httpx.post(f"{small.otlp_http}/v1/traces", content=bomb, headers=headers).status_code == 413


@pytest.mark.parametrize("service", ["metrics.v1.MetricsService", "logs.v1.LogsService"])
def test_other_signals_are_told_that_there_is_no_place_for_them(live_server: LiveServer, service: str) -> None:
    with grpc.insecure_channel(live_server.otlp_grpc) as channel:
        call = channel.unary_unary(f"/opentelemetry.proto.collector.{service}/Export")
        with pytest.raises(grpc.RpcError) as caught:
            call(b"", metadata=(("authorization", f"Bearer {TOKEN}"),), timeout=30)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    signal = service.split(".", maxsplit=1)[0]
    answer = httpx.post(
        f"{live_server.otlp_http}/v1/{signal}", content=b"", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, 5)
    assert answer.json()["message"] == "this port takes traces at POST /v1/traces only"
