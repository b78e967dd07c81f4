"""OTLP receivers that keep what they are sent: the other end of the wire for tests of the emitter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as pb
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as service

from controlplane.demo.emit import Endpoints


class Sink(service.TraceServiceServicer):
    """All requests by the protocol that they came by; ``refuse`` answers with an error that no one retries."""

    def __init__(self) -> None:
        self.by_grpc: list[pb.ExportTraceServiceRequest] = []
        self.by_http: list[pb.ExportTraceServiceRequest] = []
        self.headers: list[str | None] = []
        self.refuse = False

    def Export(  # noqa: N802  gRPC's own name
        self, request: pb.ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> pb.ExportTraceServiceResponse:
        if self.refuse:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "not today")
        self.by_grpc.append(request)
        self.headers.append(dict(context.invocation_metadata()).get("authorization"))
        return pb.ExportTraceServiceResponse()

    def post(self, body: bytes, authorization: str | None) -> int:
        if self.refuse:
            return 400
        self.by_http.append(pb.ExportTraceServiceRequest.FromString(body))
        self.headers.append(authorization)
        return 200


@contextmanager
def listening(sink: Sink) -> Iterator[Endpoints]:
    """Both receivers on free ports of the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's own name
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(sink.post(body, self.headers["authorization"]))
            self.send_header("content-length", "0")
            self.end_headers()

    rpc = grpc.server(ThreadPoolExecutor(4))
    service.add_TraceServiceServicer_to_server(sink, rpc)
    port = rpc.add_insecure_port("127.0.0.1:0")
    rpc.start()
    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=web.serve_forever)
    serving.start()
    try:
        yield Endpoints(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{web.server_port}")
    finally:
        web.shutdown()
        serving.join()
        web.server_close()
        rpc.stop(None).wait()
