"""What HTTP lets a sender do, beyond a plain POST: codings, upgrades, pipelines, heads of any form."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from itertools import count

import httpx
import pytest
from google.rpc.status_pb2 import Status

from tests.collectors.spans import SpanData, body
from tests.serving import TOKEN, LiveServer
from tests.wire.otlp import raw

_idents = count(0xE0_0000)
HTTP2 = "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
KIND = {"content-type": "application/x-protobuf", "authorization": f"Bearer {TOKEN}"}


def stored(server: LiveServer, *idents: int) -> list[bool]:
    with server.client() as client:
        return [client.get(f"/api/v1/traces/{ident:032x}").status_code == 200 for ident in idents]


def post(server: LiveServer, content: bytes, coding: str) -> httpx.Response:
    headers = {**KIND, "content-encoding": coding}
    return httpx.post(f"{server.otlp_http}/v1/traces", content=content, headers=headers, timeout=60)


def framed(content: bytes, chunks: bool) -> tuple[bytes, bytes]:
    """What a head has to say of a body, and the body."""
    if chunks:
        return b"transfer-encoding: chunked\r\n\r\n", f"{len(content):x}\r\n".encode() + content + b"\r\n0\r\n\r\n"
    return f"content-length: {len(content)}\r\n\r\n".encode(), content


@pytest.mark.parametrize("chunks", [False, True], ids=["length", "chunks"])
@pytest.mark.parametrize("apart", [False, True], ids=["at once", "head before body"])
def test_a_wish_for_http_2_is_not_taken_up_and_costs_no_span(
    live_server: LiveServer, apart: bool, chunks: bool
) -> None:
    idents = [next(_idents) for _ in range(3)]
    with raw.connected(live_server) as sock:
        for ident in idents:
            length, content = framed(body([SpanData("wish", ident)]), chunks)
            head = f"{raw.HEAD}{HTTP2}".encode() + length
            if apart:
                sock.sendall(head)
                time.sleep(0.05)
                sock.sendall(content)
            else:
                sock.sendall(head + content)
            assert raw.answer(sock) == (200, b"")
    assert stored(live_server, *idents) == [True] * 3


def test_a_tunnel_is_refused(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n")
        assert sock.recv(1000).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("coding", ["identity", "GZIP", "x-gzip", "gzip, identity", "identity ,gzip", ""])
def test_codings_are_named_in_any_of_the_ways_that_http_has(live_server: LiveServer, coding: str) -> None:
    ident = next(_idents)
    content = body([SpanData("coded", ident)])
    assert post(live_server, gzip.compress(content) if "gzip" in coding.lower() else content, coding).status_code == 200
    assert stored(live_server, ident) == [True]


@pytest.mark.parametrize("coding", ["deflate", "br", "zstd", "gzip, gzip", "*"])
def test_an_unknown_coding_is_refused_and_the_known_one_named(live_server: LiveServer, coding: str) -> None:
    answer = post(live_server, zlib.compress(body([SpanData("coded", 1)])), coding)
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip")
    assert Status.FromString(answer.content).message == f"content-encoding must be gzip or none, but is {coding}"


def test_a_gzip_body_may_have_several_members(live_server: LiveServer) -> None:
    idents = [next(_idents) for _ in range(3)]
    content = b"".join(gzip.compress(body([SpanData("member", ident)])) for ident in idents)
    assert post(live_server, content, "gzip").status_code == 200
    assert stored(live_server, *idents) == [True] * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the gzip body ends too early"),
        (gzip.compress(b"")[:-1], "the gzip body ends too early"),
        (gzip.compress(b"") * 2 + b"more", "there is something behind the gzip body"),
        (gzip.compress(b"") * 101, "there is something behind the gzip body"),
        (gzip.compress(b"")[:-8] + bytes(7) + b"\x01", "the body is not valid gzip: Error -3"),
    ],
    ids=["nothing", "cut", "more", "members without end", "checksum"],
)
def test_gzip_that_is_none_is_refused(live_server: LiveServer, content: bytes, said: str) -> None:
    answer = post(live_server, content, "gzip")
    assert answer.status_code == 400
    assert Status.FromString(answer.content).message.startswith(said)


def test_a_sender_that_asks_first_is_told_to_go_on_or_why_not(live_server: LiveServer) -> None:
    ident = next(_idents)
    content = body([SpanData("asked", ident)])
    asks = f"content-length: {len(content)}\r\nexpect: 100-continue\r\n\r\n"
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD}{asks}".encode())
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(content)
        assert raw.answer(sock) == (200, b"")
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD.replace(TOKEN, 'nobody')}{asks}".encode())
        assert raw.answer(sock)[0] == 401
    assert stored(live_server, ident) == [True]


def test_requests_behind_one_another_are_answered_in_order_and_a_refused_one_stops_none(
    live_server: LiveServer,
) -> None:
    idents = [next(_idents), next(_idents)]
    first, last = (body([SpanData("piped", ident)]) for ident in idents)
    stranger = raw.HEAD.replace(TOKEN, "nobody")
    parts = [(raw.HEAD, first), (raw.HEAD, b"\xff"), (stranger, first), (raw.HEAD, last)]
    with raw.connected(live_server) as sock:
        sock.sendall(b"".join(f"{head}content-length: {len(part)}\r\n\r\n".encode() + part for head, part in parts))
        received = b""
        while received.count(b"HTTP/1.1 ") < len(parts):
            received += sock.recv(65_536)
    assert [int(one[:3]) for one in received.split(b"HTTP/1.1 ")[1:]] == [200, 400, 401, 200]
    assert stored(live_server, *idents) == [True, True]


def test_a_sender_that_only_listens_any_more_is_answered(live_server: LiveServer) -> None:
    ident = next(_idents)
    content = body([SpanData("listens", ident)])
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD}content-length: {len(content)}\r\n\r\n".encode() + content)
        sock.shutdown(socket.SHUT_WR)
        assert raw.answer(sock) == (200, b"")
    assert stored(live_server, ident) == [True]


@pytest.mark.parametrize("path", ["/v1/traces/", "//v1/traces", "/", "/v1/trace", "/v1/metrics", "/v1/logs"])
def test_another_path_is_told_the_right_one_and_not_to_come_back(live_server: LiveServer, path: str) -> None:
    answer = httpx.post(f"{live_server.otlp_http}{path}", content=b"", headers=KIND)
    assert (answer.status_code, answer.headers.get("retry-after")) == (404, None)
    assert Status.FromString(answer.content).message == "this port takes traces at POST /v1/traces only"


def test_a_head_without_an_end_is_refused_before_it_fills_memory(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        received = b""
        try:
            sock.sendall(b"POST /v1/traces HTTP/1.1\r\nx-long: ")
            for _ in range(64):
                sock.sendall(bytes(1024 * 1024).replace(b"\x00", b"a"))
        except ConnectionError:
            pass
        else:
            pytest.fail("64 MiB of a head were taken")
        try:
            received = sock.recv(1000)
        except ConnectionError:
            received = b""
    assert received[:13] in (b"", b"HTTP/1.1 400 ")
