"""OTLP/HTTP: ``POST /v1/traces`` with protobuf or JSON, plain or gzip, as the OTLP 1.x specification says."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import code_pb2
from google.rpc.status_pb2 import Status

from collectors.ingest import Overloaded, Unavailable, Unstorable
from collectors.otlp.check import InvalidRequestError
from collectors.otlp.receiver import Access, Receiver

PROTOBUF, JSON = "application/x-protobuf", "application/json"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    message: Message
    headers: tuple[tuple[str, str], ...] = ()


class _Refusal(Exception):  # noqa: N818 - it carries an answer
    def __init__(self, status: int, code: int, message: str, *headers: tuple[str, str]) -> None:
        self.answer = _Answer(status, Status(code=code, message=message), headers)
        super().__init__(message)


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
        try:
            answer = await self._answer(scope, headers, kind, receive)
        except _Refusal as refusal:
            self._receiver.refused[f"HTTP {refusal.answer.status}"] += 1
            answer = refusal.answer
        await _send(send, answer, JSON if kind == JSON else PROTOBUF)

    async def _answer(self, scope: Mapping[str, Any], headers: Mapping[str, str], kind: str, receive: Any) -> _Answer:
        if scope["path"] != "/v1/traces":
            raise _Refusal(404, code_pb2.NOT_FOUND, "this port takes traces at POST /v1/traces only")
        if scope["method"] != "POST":
            raise _Refusal(405, code_pb2.UNIMPLEMENTED, "use POST", ("allow", "POST"))
        access = await self._receiver.gate(headers.get("authorization", ""))
        if access is Access.UNAUTHENTICATED:
            raise _Refusal(401, code_pb2.UNAUTHENTICATED, access.value, ("www-authenticate", "Bearer"))
        if access is Access.DENIED:
            raise _Refusal(403, code_pb2.PERMISSION_DENIED, access.value)
        if kind not in (PROTOBUF, JSON):
            raise _Refusal(
                415, code_pb2.INVALID_ARGUMENT, f"content-type must be {PROTOBUF} or {JSON}, but is {kind or 'missing'}"
            )
        body = await self._body(headers, receive)
        self._receiver.requests["http/json" if kind == JSON else "http/protobuf"] += 1
        try:
            return _Answer(200, await (self._receiver.json(body) if kind == JSON else self._receiver.protobuf(body)))
        except InvalidRequestError as error:
            raise _Refusal(400, code_pb2.INVALID_ARGUMENT, str(error)) from error
        except Unstorable as error:
            raise _Refusal(400, code_pb2.INVALID_ARGUMENT, f"the spans could not be stored: {error}") from error
        except (Overloaded, Unavailable) as error:
            text = "the collector is full" if isinstance(error, Overloaded) else "the store can't be reached"
            again = str(error.retry_after)
            raise _Refusal(
                503, code_pb2.UNAVAILABLE, f"{text}; send again in {again} s", ("retry-after", again)
            ) from error

    async def _body(self, headers: Mapping[str, str], receive: Any) -> bytes:
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip"):
            raise _Refusal(415, code_pb2.INVALID_ARGUMENT, f"content-encoding must be gzip or none, but is {encoding}")
        limit = self._receiver.max_bytes
        if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > limit:
            raise self._too_large()
        chunks, size = [], 0
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise _Refusal(400, code_pb2.CANCELLED, "the sender left before its body was complete")
            chunks.append(event.get("body", b""))
            size += len(chunks[-1])
            if size > limit:
                raise self._too_large()
            if not event.get("more_body", False):
                break
        body = b"".join(chunks)
        return self._unzip(body) if encoding == "gzip" else body

    def _unzip(self, body: bytes) -> bytes:
        """Decompress with the bound in force, so that a small body can't become a large one."""
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            plain = stream.decompress(body, self._receiver.max_bytes + 1)
        except zlib.error as error:
            raise _Refusal(400, code_pb2.INVALID_ARGUMENT, f"the body is not valid gzip: {error}") from error
        if len(plain) > self._receiver.max_bytes:
            raise self._too_large()
        if not stream.eof:
            raise _Refusal(400, code_pb2.INVALID_ARGUMENT, "the gzip body ends too early")
        if stream.unused_data:
            raise _Refusal(400, code_pb2.INVALID_ARGUMENT, "there is something behind the gzip body")
        return plain

    def _too_large(self) -> _Refusal:
        return _Refusal(
            413,
            code_pb2.INVALID_ARGUMENT,
            f"the body is larger than {self._receiver.max_bytes} bytes (after decompression); send smaller batches",
        )


async def _send(send: Any, answer: _Answer, kind: str) -> None:
    if kind == JSON:
        body = json_format.MessageToJson(answer.message, indent=None).encode()
    else:
        body = answer.message.SerializeToString()
    headers = [("content-type", kind), ("content-length", str(len(body))), *answer.headers]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
