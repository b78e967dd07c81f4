"""OTLP/gRPC: ``TraceService/Export`` on raw bytes, so that no span becomes a Python object twice."""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import unquote

import grpc

from collectors.otlp.receiver import Receiver
from collectors.otlp.refusal import Refusal
from collectors.senders.reasons import Reason
from collectors.senders.tally import Sender

SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def create_server(receiver: Receiver) -> grpc.aio.Server:
    """A server without a port yet."""
    # gRPC holds the bound against the message before and after decompression and answers RESOURCE_EXHAUSTED by itself.
    server = grpc.aio.server(
        options=[("grpc.max_receive_message_length", receiver.max_bytes), ("grpc.so_reuseport", 0)]
    )
    # A stream of one message is the same on the wire as the message alone. Declared so, the handler runs before the
    # message is read: nobody without a token can make us hold one, and a message that was too large can be counted.
    export = grpc.stream_unary_rpc_method_handler(_Export(receiver).export)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Export": export}),))
    return server


class _Export:
    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def export(self, _: Any, context: Any) -> bytes:
        """One request; the answer is an ExportTraceServiceResponse."""
        metadata = {name: value for name, value in context.invocation_metadata() if isinstance(value, str)}
        sender = Sender("", _address(context.peer()), metadata.get("user-agent", ""), "grpc")
        try:
            sender = await self._receiver.admit(metadata.get("authorization", ""), sender)
            body = await self._read(context, sender)
            return (await self._receiver.take(body, sender)).SerializeToString()
        except Refusal as refusal:
            await self._abort(context, refusal)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must hear something that keeps its spans
            await self._abort(context, self._receiver.fault(sender, error))

    async def _read(self, context: Any, sender: Sender) -> bytes:
        body = await context.read()
        if isinstance(body, bytes):
            return body
        # gRPC itself has answered if it was too large, so this answer reaches nobody then and only counts.
        said = f"the message is larger than {self._receiver.max_bytes} bytes (after decompression), or there was none"
        raise self._receiver.refusal(sender, Reason.TOO_LARGE, said)

    async def _abort(self, context: Any, refusal: Refusal) -> NoReturn:
        """End with a google.rpc.Status, as the specification asks; RetryInfo only where coming back helps."""
        status = refusal.status
        code = _CODES[status.code]
        self._receiver.answers[f"gRPC {code.name}"] += 1
        await context.abort(code, refusal.message, (("grpc-status-details-bin", status.SerializeToString()),))
        raise AssertionError  # abort always raises; this line is for the type checker


def _address(peer: str) -> str:
    """``ipv4:127.0.0.1:5000`` or ``ipv6:%5B::1%5D:5000`` without family and port."""
    return unquote(peer.partition(":")[2].rpartition(":")[0]).strip("[]") or peer
