"""Connections that take their time over a request's head."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from controlplane import http_protocol
from controlplane.listeners import HttpListener, listen
from tests.collectors.test_ingest import in_a_loop


async def application(_: object, receive: Any, send: Any) -> None:
    """Say how long the body was."""
    size, more = 0, True
    while more:
        event = await receive()
        size += len(event.get("body", b""))
        more = event.get("more_body", False)
    content = str(size).encode()
    length = (b"content-length", str(len(content)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": content})


def served(work: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> None:
    async def main() -> None:
        sock = listen("127.0.0.1", 0, "PORT")
        listener = HttpListener(application, sock)
        port = sock.getsockname()[1]
        serving = asyncio.create_task(listener.run_until_stopped())
        await listener.up.wait()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(60):
            await work(reader, writer)
        writer.close()
        listener.should_exit = True
        await serving

    in_a_loop(main)


@pytest.mark.parametrize("begun", [b"", b"POST /v1/tra", b"GET / HTTP/1.1\r\nhost: x\r\n"])
def test_a_head_that_does_not_come_ends_the_connection(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.05)

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begun)
        assert await reader.read() == b""

    served(work)


def test_the_time_for_a_head_is_none_for_the_body_and_begins_anew_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n12")
            await asyncio.sleep(0.5)
            writer.write(b"34")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            assert await reader.readexactly(1) == b"4"
            await asyncio.sleep(0.5)  # nothing is begun, so nothing is waited for
        writer.write(b"POST / HT")
        assert await reader.read() == b""

    served(work)


def test_a_large_head_is_refused_and_a_large_body_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_BYTES", 1_000)

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n" + bytes(100_000))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        assert await reader.readexactly(6) == b"100000"
        writer.write(b"GET / HTTP/1.1\r\nx-long: " + b"a" * 2_000)
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")

    served(work)
