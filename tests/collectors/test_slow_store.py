"""A store that takes its time: what waits is bounded, senders are told to come back, and all is caught up after."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from collectors import ingest
from collectors.correlation.correlator import Correlator
from collectors.ingest import GroupCommit
from collectors.otlp.grpc_receiver import SERVICE, create_server
from collectors.otlp.http_receiver import HttpReceiver
from collectors.otlp.receiver import Access, Grant, Receiver
from collectors.senders.reasons import Reason
from collectors.store.client import Store
from tests.collectors.spans import SpanData, body
from tests.collectors.test_ingest import FaultyStore, count, in_a_loop
from tests.wire.otlp.test_patience import SCOPE

SENDERS = 40
#: Room for so many bodies of one span.
ROOM = 10
Send = Callable[[bytes], Awaitable[str]]


def one(ident: int) -> bytes:
    return body([SpanData("a", ident)])


async def anyone(_: str) -> Grant:
    return Grant(Access.GRANTED)


class Held:
    """Inserts begin and do not end before they are let go."""

    def __init__(self, url: str) -> None:
        self.go = threading.Event()
        self.store = FaultyStore(url, lambda _: self._wait())

    def _wait(self) -> None:
        assert self.go.wait(60)


async def over_http(receiver: Receiver, data: bytes) -> str:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": data, "more_body": False}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await HttpReceiver(receiver)(SCOPE, receive, send)
    waits = dict(sent[0]["headers"]).get(b"retry-after", b"").decode()
    return f"{sent[0]['status']} {waits}".strip()


async def over_grpc(channel: grpc.aio.Channel, data: bytes) -> str:
    try:
        await channel.unary_unary(f"/{SERVICE}/Export", None, None)(data)
    except grpc.aio.AioRpcError as error:
        details: Any = dict(error.trailing_metadata())["grpc-status-details-bin"]
        retry = RetryInfo()
        assert Status.FromString(details).details[0].Unpack(retry)
        return f"{error.code().name} {retry.retry_delay.seconds}"
    return "200"


@pytest.mark.parametrize(("way", "refused"), [("http", "503 2"), ("grpc", "UNAVAILABLE 2")])
def test_while_the_store_is_slow_what_waits_is_bounded_and_senders_are_told_to_come_back(
    store: Store, store_url: str, way: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "LINGER_SECONDS", 0.0)  # all wait for their inserts
    held = Held(store_url)
    room = ROOM * len(one(1))
    commit = GroupCommit(held.store, Correlator(held.store), room)
    receiver = Receiver(commit, anyone, 1_000_000)

    async def flood(send: Send) -> None:
        answers = [asyncio.create_task(send(one(ident))) for ident in range(1, SENDERS + 1)]
        early: set[asyncio.Task[str]] = set()
        while len(early) < SENDERS - ROOM:
            done, _ = await asyncio.wait(set(answers) - early, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            assert done, "whoever finds no room hears it at once"
            early |= done
            assert commit.buffered_bytes <= room
        assert {task.result() for task in early} == {refused}
        assert commit.buffered_bytes == room
        assert receiver.tally.refused == {Reason.OVERLOADED: SENDERS - ROOM}
        held.go.set()
        later = await asyncio.gather(*(set(answers) - early))
        assert later == ["200"] * ROOM
        again = [await send(one(ident)) for ident, task in enumerate(answers, start=1) if task in early]
        assert again == ["200"] * (SENDERS - ROOM)
        assert commit.buffered_bytes == 0

    async def main() -> None:
        await commit.start()
        server = create_server(receiver)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            if way == "http":
                await flood(lambda data: over_http(receiver, data))
            else:
                await flood(lambda data: over_grpc(channel, data))
        await server.stop(None)
        await commit.stop()

    in_a_loop(main)
    assert count(store) == SENDERS
    held.store.close()
