"""What gRPC lets a sender do, beyond a plain call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import grpc
import pytest

from tests.clickhouse_http.faults import Fault
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.spans import SpanData, body
from tests.serving import TOKEN, LiveServer
from tests.wire.otlp.transports import METHOD

_idents = count(0xF8_0000)
ADMIN = (("authorization", f"Bearer {TOKEN}"),)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, clickhouse: ClickHouse) -> Iterator[LiveServer]:
    """A server on a store that can be made to take its time."""
    extra = {"CLICKHOUSE_URL": clickhouse.url(clickhouse.new_database())}
    server = LiveServer(tmp_path_factory.mktemp("slow") / "data", extra).start()
    yield server
    server.end()


def call(server: LiveServer, content: bytes, method: str = METHOD, **how: Any) -> str:
    """The name of the code that ended it."""
    with grpc.insecure_channel(server.otlp_grpc) as channel:
        try:
            channel.unary_unary(method)(content, **{"metadata": ADMIN, "timeout": 30, **how})
        except grpc.RpcError as error:
            return str(error.code().name)
    return "OK"


def names(server: LiveServer, ident: int) -> list[str]:
    return [span["name"] for span in server.get(f"/api/v1/traces/{ident:032x}")["spans"]]


def test_a_sender_that_gives_up_waiting_may_send_again_and_is_stored_once(
    slow: LiveServer, clickhouse: ClickHouse
) -> None:
    ident = next(_idents)
    content = body([SpanData("late", ident)])
    clickhouse.fail(Fault("after-stall", "INSERT INTO otlp_landing", times=1, seconds=2))
    assert call(slow, content, timeout=0.5) == "DEADLINE_EXCEEDED"
    assert call(slow, content) == "OK"
    clickhouse.fail()
    assert names(slow, ident) == ["late"]


def test_a_call_that_is_cancelled_harms_no_other(slow: LiveServer, clickhouse: ClickHouse) -> None:
    ident = next(_idents)
    clickhouse.fail(Fault("after-stall", "INSERT INTO otlp_landing", times=1, seconds=1))
    with grpc.insecure_channel(slow.otlp_grpc) as channel:
        future = channel.unary_unary(METHOD).future(body([SpanData("gone", next(_idents))]), metadata=ADMIN)
        assert call(slow, body([SpanData("stays", ident)])) == "OK"
        future.cancel()
    clickhouse.fail()
    assert names(slow, ident) == ["stays"]


def test_an_unknown_method_is_unimplemented(live_server: LiveServer) -> None:
    assert call(live_server, b"", METHOD.replace("Export", "Import")) == "UNIMPLEMENTED"
    assert call(live_server, b"", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo") == "UNIMPLEMENTED"


def test_metadata_without_end_is_refused_and_the_next_call_is_served(live_server: LiveServer) -> None:
    large = (*ADMIN, ("x-large", "x" * 100_000))
    assert call(live_server, b"", metadata=large) == "RESOURCE_EXHAUSTED"
    assert call(live_server, b"") == "OK"
