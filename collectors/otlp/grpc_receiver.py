"""OTLP/gRPC: ``TraceService/Export`` on raw bytes, so that no span becomes a Python object twice."""

from __future__ import annotations

from typing import Any, NoReturn

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from collectors.ingest import Overloaded, Unavailable, Unstorable
from collectors.otlp.check import InvalidRequestError
from collectors.otlp.receiver import Access, Receiver

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"


def create_server(receiver: Receiver) -> grpc.aio.Server:
    """A server without a port yet."""
    # gRPC holds the bound against the message after decompression and answers RESOURCE_EXHAUSTED by itself.
    server = grpc.aio.server(
        options=[("grpc.max_receive_message_length", receiver.max_bytes), ("grpc.so_reuseport", 0)]
    )
    export = grpc.unary_unary_rpc_method_handler(_Export(receiver).export)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Export": export}),))
    return server


class _Export:
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def export(self, body: bytes, context: Any) -> bytes:
        """One request; the answer is an ExportTraceServiceResponse."""
        header = next((value for name, value in context.invocation_metadata() if name == "authorization"), "")
        access = await self._receiver.gate(header)
        if access is Access.UNAUTHENTICATED:
            await self._abort(context, grpc.StatusCode.UNAUTHENTICATED, access.value)
        if access is Access.DENIED:
            await self._abort(context, grpc.StatusCode.PERMISSION_DENIED, access.value)
        self._receiver.requests["grpc"] += 1
        try:
            return (await self._receiver.protobuf(body)).SerializeToString()
        except InvalidRequestError as error:
            await self._abort(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except Unstorable as error:
            await self._abort(context, grpc.StatusCode.INVALID_ARGUMENT, f"the spans could not be stored: {error}")
        except (Overloaded, Unavailable) as error:
            text = "the collector is full" if isinstance(error, Overloaded) else "the store can't be reached"
            await self._abort(context, grpc.StatusCode.UNAVAILABLE, f"{text}; send again later", error.retry_after)

    async def _abort(
        self, context: Any, code: grpc.StatusCode, message: str, retry_after: int | None = None
    ) -> NoReturn:
        """End with a google.rpc.Status, as the specification asks; RetryInfo only where coming back helps."""
        self._receiver.refused[f"gRPC {code.name}"] += 1
        status = Status(code=code.value[0], message=message)
        if retry_after is not None:
            info = AnyMessage()
            info.Pack(RetryInfo(retry_delay=Duration(seconds=retry_after)))
            status.details.append(info)
        await context.abort(code, message, (("grpc-status-details-bin", status.SerializeToString()),))
        raise AssertionError  # abort always raises; this line is for the type checker
