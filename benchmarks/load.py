"""``python -m benchmarks.load``: sends requests over OTLP/gRPC or OTLP/HTTP from a process of its own; one JSON object at the end.

Closed: each of some senders has one request under way. Or open: so many requests a second, whatever the server does.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import grpc

from benchmarks.telemetry import Request, Requests

_METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
_PAUSE_SECONDS = 0.5


@dataclass(slots=True)
class Outcome:
    """What senders saw; seconds are those from the first byte of a request to its acknowledgement."""

    spans: int = 0
    milestones: int = 0
    bytes: int = 0
    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    unknown_spans: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledged(self, request: Request, seconds: float) -> None:
        """Count a request that the server says to have stored."""
        with self.lock:
            self.spans += request.spans
            self.milestones += request.milestones
            self.bytes += len(request.body)
            self.seconds.append(seconds)

    def failed(self, request: Request, why: str, *, unknown: bool) -> None:
        """Count one that it refused, or (``unknown``) of which nobody can say what became."""
        with self.lock:
            self.refused[why] += 1
            self.unknown_spans += request.spans if unknown else 0


class HttpSender:
    """One kept-alive connection and the least of HTTP/1.1 that a request needs."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = self._connect()

    def _connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, body: bytes) -> str:
        """Nothing if it was taken, or else the status."""
        head = (
            b"POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-protobuf\r\n"
            b"content-length: %d\r\n\r\n" % len(body)
        )
        self._socket.sendall(head + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (received := self._socket.recv(65536)):
                raise OSError("closed")
            answer += received
        status = answer[9:12].decode()
        head_end = answer.index(b"\r\n\r\n") + 4
        length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or b"0")
        while len(answer) < head_end + length:
            answer += self._socket.recv(65536)
        partial = status == "200" and length > 0
        return "partial success" if partial else "" if status == "200" else f"HTTP {status}"


class GrpcSender:
    """A channel of its own, on raw bytes."""

    def __init__(self, port: int) -> None:
        channel = grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1)]
        )
        self._export: Callable[..., bytes] = channel.unary_unary(_METHOD, None, None)

    def send(self, body: bytes) -> str:
        """Nothing if it was taken, or else the status."""
        try:
            answer = self._export(body, timeout=60)
        except grpc.RpcError as error:
            code: grpc.StatusCode = error.code()
            if code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED):
                raise OSError(code.name) from error
            return f"gRPC {code.name}"
        return "partial success" if answer else ""


def sender(protocol: str, port: int) -> HttpSender | GrpcSender:
    """A connection by either of the two transports."""
    return GrpcSender(port) if protocol == "grpc" else HttpSender(port)


def _send(to: HttpSender | GrpcSender, request: Request, outcome: Outcome) -> None:
    began = time.perf_counter()
    try:
        refused = to.send(request.body)
    except OSError as error:
        outcome.failed(request, f"no answer: {error}", unknown=True)
        time.sleep(_PAUSE_SECONDS)
        return
    if refused:
        outcome.failed(request, refused, unknown=False)
        time.sleep(_PAUSE_SECONDS)
    else:
        outcome.acknowledged(request, time.perf_counter() - began)


def closed(connections: list[HttpSender | GrpcSender], make: Callable[[], Request], seconds: float) -> Outcome:
    """Each connection sends its next request when the last one was answered."""
    outcome, end = Outcome(), time.monotonic() + seconds

    def work(to: HttpSender | GrpcSender) -> None:
        while time.monotonic() < end:
            _send(to, make(), outcome)

    _run(work, connections)
    return outcome


def opened(
    connections: list[HttpSender | GrpcSender], make: Callable[[], Request], seconds: float, each: float
) -> Outcome:
    """A request every ``each`` seconds on average, at odd moments; the connections take turns."""
    outcome, began = Outcome(), time.monotonic()
    dice = random.Random(7)

    def work(to: HttpSender | GrpcSender) -> None:
        pause = each * len(connections)
        due = began + dice.random() * pause
        while due < began + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            _send(to, make(), outcome)
            due += pause * dice.uniform(0.5, 1.5)

    _run(work, connections)
    return outcome


def _run(work: Callable[[HttpSender | GrpcSender], None], connections: list[HttpSender | GrpcSender]) -> None:
    threads = [threading.Thread(target=work, args=(one,)) for one in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Read the command line, send, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, action="append", required=True, help="PROTOCOL's port; may be repeated")
    parser.add_argument("--protocol", action="append", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--spans", type=int, required=True)
    parser.add_argument("--senders", type=int, required=True)
    parser.add_argument("--each", type=float, default=0.0)
    asked = parser.parse_args()
    targets = list(zip(asked.protocol, asked.port, strict=True))
    connections = [sender(*targets[index % len(targets)]) for index in range(asked.senders)]
    requests, lock = Requests(asked.spans), threading.Lock()

    def make() -> Request:
        with lock:
            return requests.next(time.time_ns())

    began, cpu = time.perf_counter(), time.process_time()
    if asked.each:
        outcome = opened(connections, make, asked.seconds, asked.each)
    else:
        outcome = closed(connections, make, asked.seconds)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "cpu": time.process_time() - cpu,
                "spans": outcome.spans,
                "milestones": outcome.milestones,
                "bytes": outcome.bytes,
                "acknowledged": outcome.seconds,
                "refused": outcome.refused,
                "unknown_spans": outcome.unknown_spans,
            }
        )
    )


if __name__ == "__main__":
    main()
