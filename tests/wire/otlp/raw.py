"""Bytes on a socket, where a client library would not do wrong enough."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator

from tests.serving import TOKEN, LiveServer
from tests.wire.otlp.transports import METHOD

HEAD = (
    "POST /v1/traces HTTP/1.1\r\nhost: collector\r\ncontent-type: application/x-protobuf\r\n"
    f"authorization: Bearer {TOKEN}\r\n"
)
DATA, HEADERS, SETTINGS = 0x0, 0x1, 0x4
END_STREAM, END_HEADERS = 0x1, 0x4


@contextlib.contextmanager
def connected(server: LiveServer, *, grpc: bool = False) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.ports[2 if grpc else 1]), timeout=60) as raw:
        yield raw


def answer(raw: socket.socket) -> tuple[int, bytes]:
    """The status and body of an HTTP/1.1 answer with a content-length; (0, b"") if the connection ends without one."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = raw.recv(65_536)
        if not part:
            return 0, b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields[b"content-length"]):
        body += raw.recv(65_536)
    return int(head.split(b" ")[1]), body


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """An HTTP/2 frame."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def grpc_call(stream: int) -> bytes:
    """The HEADERS frame of an Export call, each field a literal that is not indexed."""
    fields = {
        ":method": "POST", ":scheme": "http", ":path": METHOD, ":authority": "collector", "te": "trailers",
        "content-type": "application/grpc", "authorization": f"Bearer {TOKEN}",
    }  # fmt: skip
    block = b"".join(b"\x00" + _text(name) + _text(value) for name, value in fields.items())
    return frame(HEADERS, END_HEADERS, stream, block)


def _text(value: str) -> bytes:
    assert len(value) < 127
    return bytes([len(value)]) + value.encode()


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, b"")
