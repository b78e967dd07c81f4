"""OTLP/HTTP: ``POST /v1/traces`` with protobuf or JSON, plain or gzip, as the OTLP 1.x specification says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message

from collectors.otlp.http_body import read_body
from collectors.otlp.receiver import Receiver
from collectors.otlp.refusal import Refusal
from collectors.senders.reasons import Reason
from collectors.senders.tally import Sender

PROTOBUF, JSON = "application/x-protobuf", "application/json"


class HttpReceiver:
    """An ASGI application."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        encoding = JSON if kind == JSON else PROTOBUF
        sender = _sender(scope, headers, "http/json" if kind == JSON else "http/protobuf")
        try:
            message = await self._answer(scope, headers, kind, receive, sender)
        except Refusal as refusal:
            await self._refuse(send, refusal, encoding)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sender must hear something that keeps its spans
            await self._refuse(send, self._receiver.fault(sender, error), encoding)
        else:
            await _send(send, 200, message, encoding)

    async def _answer(
        self, scope: Mapping[str, Any], headers: Mapping[str, str], kind: str, receive: Any, sender: Sender
    ) -> Message:
        receiver = self._receiver
        if scope["path"] != "/v1/traces":
            said = "this port takes traces at POST /v1/traces only"
            raise receiver.refusal(sender, Reason.MISDIRECTED, said)
        if scope["method"] != "POST":
            raise receiver.refusal(sender, Reason.MISDIRECTED, "use POST", http=405)
        sender = await receiver.admit(headers.get("authorization", ""), sender)
        if kind not in (PROTOBUF, JSON):
            said = f"content-type must be {PROTOBUF} or {JSON}, but is {kind or 'missing'}"
            raise receiver.refusal(sender, Reason.UNSUPPORTED, said)
        body = await read_body(receiver, sender, headers, receive)
        return await receiver.take(body, sender, json=kind == JSON)

    async def _refuse(self, send: Any, refusal: Refusal, kind: str) -> None:
        self._receiver.answers[f"HTTP {refusal.http}"] += 1
        headers = {
            401: [("www-authenticate", "Bearer")],
            405: [("allow", "POST")],
            415: [("accept", f"{PROTOBUF}, {JSON}"), ("accept-encoding", "gzip")],
            503: [("retry-after", str(refusal.retry_after))],
        }
        await _send(send, refusal.http, refusal.status, kind, headers.get(refusal.http, []))


def _sender(scope: Mapping[str, Any], headers: Mapping[str, str], transport: str) -> Sender:
    client = scope.get("client")
    return Sender("", client[0] if client else "", headers.get("user-agent", ""), transport)


async def _send(send: Any, status: int, message: Message, kind: str, more: list[tuple[str, str]] | None = None) -> None:
    body = json_format.MessageToJson(message, indent=None).encode() if kind == JSON else message.SerializeToString()
    headers = [("content-type", kind), ("content-length", str(len(body))), *(more or [])]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
