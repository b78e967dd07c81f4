"""Senders that break off, lie about lengths or speak another protocol: each harms itself alone."""

from __future__ import annotations

import gzip
import socket
import struct
import time

import httpx
import pytest
from google.rpc.status_pb2 import Status

from tests.collectors.spans import SpanData, body, request
from tests.serving import LiveServer
from tests.wire.otlp import raw
from tests.wire.otlp.transports import send

GOOD = body([SpanData("whole", 0xC0_0001)])
CHUNKED = f"{raw.HEAD}transfer-encoding: chunked\r\n\r\n".encode()


@pytest.fixture(autouse=True)
def others_are_served(live_server: LiveServer) -> object:
    """After every misdeed, another sender is served as if nothing had been."""
    yield
    assert send(live_server, "grpc", request([SpanData("other", 0xC0_0002)])).code == "OK"
    assert send(live_server, "http/protobuf", request([SpanData("other", 0xC0_0003)])).code == "OK"
    assert httpx.get(f"{live_server.url}/healthz").status_code == 200


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def stored(server: LiveServer, trace: int) -> bool:
    with server.client() as client:
        return client.get(f"/api/v1/traces/{trace:032x}").status_code == 200


def test_a_body_in_chunks_is_taken(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(CHUNKED + chunk(GOOD[:20]) + chunk(GOOD[20:]) + b"0\r\n\r\n")
        assert raw.answer(sock) == (200, b"")


def test_a_chunked_body_that_breaks_off_stores_nothing(live_server: LiveServer) -> None:
    content = body([SpanData("broken off", 0xC0_0010)])
    with raw.connected(live_server) as sock:
        # All of the message is there, but not the end of the body.
        sock.sendall(CHUNKED + chunk(content))
        time.sleep(0.2)
    time.sleep(0.5)
    assert not stored(live_server, 0xC0_0010)


def test_chunks_that_are_none_are_refused(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(CHUNKED + b"zz\r\n" + GOOD)
        assert raw.answer(sock)[0] in (0, 400)


def test_a_content_length_beyond_the_body_stores_nothing(live_server: LiveServer) -> None:
    content = body([SpanData("too short", 0xC0_0011)])
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD}content-length: {len(content) + 100}\r\n\r\n".encode() + content)
        sock.shutdown(socket.SHUT_WR)
        assert raw.answer(sock)[0] in (0, 400, 503)
    assert not stored(live_server, 0xC0_0011)


def test_a_content_length_short_of_the_body_is_refused(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD}content-length: {len(GOOD) - 3}\r\n\r\n".encode() + GOOD)
        # What is left over is no request either; which of the two is refused first is a matter of timing.
        assert sock.recv(1000).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2"])
def test_a_content_length_that_is_no_number_is_refused(live_server: LiveServer, length: str) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD}content-length: {length}\r\n\r\n".encode() + GOOD)
        with_close = sock.recv(1000)
    assert with_close.startswith(b"HTTP/1.1 400 ")


def test_a_slow_sender_is_waited_for_and_keeps_nobody_waiting(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(f"{raw.HEAD}content-length: {len(GOOD)}\r\n\r\n".encode())
        for start in range(0, len(GOOD), 16):
            sock.sendall(GOOD[start : start + 16])
            time.sleep(0.02)
            if start == 32:
                assert send(live_server, "http/protobuf", request([SpanData("quick", 0xC0_0012)])).code == "OK"
        assert raw.answer(sock) == (200, b"")


def test_many_requests_on_one_connection_are_answered_in_order(live_server: LiveServer) -> None:
    bad, zipped = b"\xff", gzip.compress(GOOD)
    with raw.connected(live_server) as sock:
        for content, more, expected in ((GOOD, "", 200), (bad, "", 400), (zipped, "content-encoding: gzip\r\n", 200)):
            sock.sendall(f"{raw.HEAD}{more}content-length: {len(content)}\r\n\r\n".encode() + content)
            assert raw.answer(sock)[0] == expected


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_another_method_is_told_what_to_use(live_server: LiveServer, method: str) -> None:
    found = httpx.request(method, f"{live_server.otlp_http}/v1/traces")
    assert (found.status_code, found.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "application/grpc", ""])
def test_an_unknown_content_type_is_refused_and_named(live_server: LiveServer, kind: str) -> None:
    head = raw.HEAD.replace("content-type: application/x-protobuf\r\n", f"content-type: {kind}\r\n" if kind else "")
    with raw.connected(live_server) as sock:
        sock.sendall(f"{head}content-length: {len(GOOD)}\r\n\r\n".encode() + GOOD)
        status, content = raw.answer(sock)
    assert status == 415
    said = f"content-type must be application/x-protobuf or application/json, but is {kind or 'missing'}"
    assert Status.FromString(content).message == said


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_content_type_may_have_parameters_and_any_case(live_server: LiveServer, kind: str) -> None:
    with raw.connected(live_server) as sock:
        head = raw.HEAD.replace("application/x-protobuf", kind)
        sock.sendall(f"{head}content-length: 2\r\n\r\n{{}}".encode())
        assert raw.answer(sock) == (200, b"{}")


def test_http_that_is_none_is_refused(live_server: LiveServer) -> None:
    with raw.connected(live_server) as sock:
        sock.sendall(b"\x16\x03\x01 this is a TLS hello, or so\r\n\r\n")
        assert sock.recv(1000)[:13] in (b"", b"HTTP/1.1 400 ")


@pytest.mark.parametrize("announced", [len(GOOD), 10 * len(GOOD), 2**32 - 1], ids=["half", "tenth", "absurd"])
def test_half_a_grpc_message_stores_nothing(live_server: LiveServer, announced: int) -> None:
    content = body([SpanData("half", 0xC0_0020)])
    with raw.connected(live_server, grpc=True) as sock:
        message = b"\x00" + struct.pack(">I", announced) + content[: len(content) // 2]
        sock.sendall(raw.PREFACE + raw.grpc_call(1) + raw.frame(raw.DATA, 0, 1, message))
        assert sock.recv(1000)
    assert not stored(live_server, 0xC0_0020)


def test_a_grpc_frame_that_breaks_off_stores_nothing(live_server: LiveServer) -> None:
    content = body([SpanData("broken", 0xC0_0021)])
    with raw.connected(live_server, grpc=True) as sock:
        message = b"\x00" + struct.pack(">I", len(content)) + content
        whole = raw.frame(raw.DATA, raw.END_STREAM, 1, message)
        sock.sendall(raw.PREFACE + raw.grpc_call(1) + whole[:-5])
        assert sock.recv(1000)
    assert not stored(live_server, 0xC0_0021)


def test_grpc_of_a_whole_message_by_hand_is_stored(live_server: LiveServer) -> None:
    """So that the two tests above fail for what they break, and not for how they are made."""
    content = body([SpanData("by hand", 0xC0_0022)])
    with raw.connected(live_server, grpc=True) as sock:
        message = b"\x00" + struct.pack(">I", len(content)) + content
        sock.sendall(raw.PREFACE + raw.grpc_call(1) + raw.frame(raw.DATA, raw.END_STREAM, 1, message))
        deadline = time.monotonic() + 30
        while not stored(live_server, 0xC0_0022):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_http_on_the_grpc_port_and_noise_harm_nobody(live_server: LiveServer) -> None:
    for noise in (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", bytes(range(256)) * 40, raw.PREFACE + b"\xff" * 9):
        with raw.connected(live_server, grpc=True) as sock:
            sock.sendall(noise)
