"""Senders that go on until they are told to stop, and send again whatever nobody acknowledged."""

from __future__ import annotations

import contextlib
import gzip
import threading
from collections.abc import Callable, Iterator

import grpc
import httpx

from tests.collectors.spans import request
from tests.serving import TOKEN, LiveServer
from tests.wire.chaos.plan import SENDERS, Batch, spans
from tests.wire.otlp.transports import METHOD, as_json

Post = Callable[[Batch], bool]


class Fleet:
    """One thread for each sender. ``acknowledged`` grows while they run; ``twice`` are batches that went out again."""

    def __init__(self, server: LiveServer) -> None:
        self.acknowledged: set[Batch] = set()
        self.lost_answers = 0
        self._server = server
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(SENDERS)]
        self._failures: list[BaseException] = []

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Let every sender get its last batch through, then end."""
        self._ending.set()
        for thread in self._threads:
            thread.join(timeout=90)
            assert not thread.is_alive()
        assert self._failures == []

    def known(self) -> frozenset[Batch]:
        """What was acknowledged until now."""
        with self._lock:
            return frozenset(self.acknowledged)

    def _run(self, sender: int) -> None:
        try:
            with posting(self._server, sender) as post:
                number = 0
                while not self._ending.is_set():
                    self._through(post, Batch(sender, number))
                    # Now and then a batch comes once more, as from a sender that did not see the answer.
                    if number % 7 == 3:
                        self._through(post, Batch(sender, number - 2))
                    number += 1
                    # Answers come at once, and more than some thousand batches would only take long to compare.
                    self._ending.wait(0.1)
        except BaseException as error:
            self._failures.append(error)
            raise

    def _through(self, post: Post, batch: Batch) -> None:
        while not post(batch):
            with self._lock:
                self.lost_answers += 1
            self._ending.wait(0.05)
        with self._lock:
            self.acknowledged.add(batch)


def again(code: grpc.StatusCode) -> bool:
    """False, since it has to be sent again; no other answer may be given to spans that are in order."""
    assert code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    return False


@contextlib.contextmanager
def posting(server: LiveServer, sender: int) -> Iterator[Post]:
    """How a sender sends: every other one over gRPC, the rest over HTTP with protobuf and gzip, or with JSON."""
    if sender % 2 == 0:
        options = [("grpc.initial_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 200)]
        with grpc.insecure_channel(server.otlp_grpc, options=options) as channel:
            call: Callable[..., bytes] = channel.unary_unary(METHOD)

            def over_grpc(batch: Batch) -> bool:
                metadata = (("authorization", f"Bearer {TOKEN}"),)
                try:
                    return call(request(spans(batch)).SerializeToString(), metadata=metadata, timeout=20) == b""
                except grpc.RpcError as error:
                    return again(error.code())

            yield over_grpc
        return
    kind = "json" if sender % 4 == 1 else "x-protobuf"
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": f"application/{kind}", "content-encoding": "gzip"}
    with httpx.Client(timeout=20) as client:

        def over_http(batch: Batch) -> bool:
            message = request(spans(batch))
            body = as_json(message) if kind == "json" else message.SerializeToString()
            try:
                answer = client.post(f"{server.otlp_http}/v1/traces", content=gzip.compress(body, 1), headers=headers)
            except httpx.HTTPError:
                return False
            assert answer.status_code in (200, 503), answer.text
            return answer.status_code == 200

        yield over_http
