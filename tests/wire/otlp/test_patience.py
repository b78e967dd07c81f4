"""Senders that take their time, against the receiver itself: what it waits for, and what it holds meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from google.rpc.status_pb2 import Status

from collectors.correlation.correlator import Correlator
from collectors.ingest import GroupCommit
from collectors.otlp import http_body
from collectors.otlp.http_receiver import HttpReceiver
from collectors.otlp.receiver import Access, Grant, Receiver
from collectors.senders.reasons import Reason
from collectors.store.client import Store
from tests.collectors.test_ingest import in_a_loop

SCOPE = {
    "type": "http",
    "path": "/v1/traces",
    "method": "POST",
    "headers": [(b"content-type", b"application/x-protobuf")],
}
Receive = Callable[[], Awaitable[dict[str, Any]]]


def receiver(buffer: int) -> Receiver:
    async def anyone(_: str) -> Grant:
        return Grant(Access.GRANTED)

    store = Store("chdb:///nowhere")  # which is opened by the first statement, and there is none
    return Receiver(GroupCommit(store, Correlator(store), buffer), anyone, 1_000_000)


async def post(to: Receiver, receive: Receive) -> tuple[int, str, dict[bytes, bytes]]:
    sent: list[dict[str, Any]] = []

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await HttpReceiver(to)(SCOPE, receive, send)
    return sent[0]["status"], Status.FromString(sent[1]["body"]).message, dict(sent[0]["headers"])


async def never() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def test_a_sender_that_stalls_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_body, "STALL_SECONDS", 0.05)
    to = receiver(10**6)

    async def main() -> None:
        status, said, headers = await post(to, never)
        assert (status, headers[b"retry-after"]) == (503, b"5")
        assert "in the middle of the body; send again" in said

    in_a_loop(main)
    assert to.tally.refused == {Reason.CUT_OFF: 1}


def test_what_is_half_read_counts_against_the_buffer() -> None:
    to = receiver(1000)

    async def main() -> None:
        held = asyncio.Event()

        async def half() -> dict[str, Any]:
            if to.reading_bytes:
                held.set()
                await never()
            return {"type": "http.request", "body": bytes(600), "more_body": True}

        slow = asyncio.create_task(post(to, half))
        await held.wait()

        async def whole() -> dict[str, Any]:
            return {"type": "http.request", "body": bytes(500), "more_body": False}

        status, said, headers = await post(to, whole)
        assert (status, headers[b"retry-after"], said) == (503, b"2", "the collector is full; send again in 2 s")
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        assert to.reading_bytes == 0

    in_a_loop(main)
    assert to.tally.refused == {Reason.OVERLOADED: 1}
