"""The three ways into a receiver, as one: what is demanded of all of them is tested on each."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import grpc
import httpx
import orjson
from google.protobuf import json_format
from google.rpc.error_details_pb2 import BadRequest, RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.serving import TOKEN, LiveServer

Transport = Literal["grpc", "http/protobuf", "http/json"]
TRANSPORTS: tuple[Transport, ...] = ("grpc", "http/protobuf", "http/json")
METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
_IDS = {"traceId", "spanId", "parentSpanId"}
_KINDS = {"http/protobuf": "application/x-protobuf", "http/json": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What a sender sees. ``code`` is gRPC's name, OK for a success; ``http`` is None over gRPC.

    ``status`` is the google.rpc.Status that came along, ``retry_after`` the seconds in RetryInfo or Retry-After.
    """

    code: str
    response: ExportTraceServiceResponse | None = None
    status: Status | None = None
    http: int | None = None
    retry_after: int | None = None
    headers: Mapping[str, str] | None = None

    @property
    def message(self) -> str:
        return self.status.message if self.status is not None else ""

    @property
    def bad_request(self) -> str:
        """What google.rpc.BadRequest says, "" without it."""
        detail = BadRequest()
        found = [one for one in (self.status.details if self.status else []) if one.Unpack(detail)]
        return detail.field_violations[0].description if found else ""


def as_json(message: ExportTraceServiceRequest) -> bytes:
    """OTLP/JSON: ids in hex, enums as integers, names in lowerCamelCase."""
    document = json_format.MessageToDict(message, use_integers_for_enums=True)
    return orjson.dumps(_hex(document))


def _hex(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: base64.b64decode(one).hex() if name in _IDS else _hex(one) for name, one in value.items()
        }  # fmt: skip
    return [_hex(one) for one in value] if isinstance(value, list) else value


def encoded(transport: Transport, message: ExportTraceServiceRequest) -> bytes:
    return as_json(message) if transport == "http/json" else message.SerializeToString()


def send(
    server: LiveServer,
    transport: Transport,
    body: bytes | ExportTraceServiceRequest,
    *,
    zipped: bool = False,
    token: str | None = TOKEN,
) -> Answer:
    """One request, and what came back."""
    content = body if isinstance(body, bytes) else encoded(transport, body)
    authorization = {"authorization": f"Bearer {token}"} if token is not None else {}
    if transport == "grpc":
        return _over_grpc(server, content, authorization, zipped=zipped)
    headers = {"content-type": _KINDS[transport], **authorization}
    if zipped:
        content, headers = gzip.compress(content), {**headers, "content-encoding": "gzip"}
    found = httpx.post(f"{server.otlp_http}/v1/traces", content=content, headers=headers, timeout=60)
    assert found.headers["content-type"] == _KINDS[transport]
    return _read(found, transport)


def _over_grpc(server: LiveServer, content: bytes, metadata: Mapping[str, str], *, zipped: bool) -> Answer:
    compression = grpc.Compression.Gzip if zipped else grpc.Compression.NoCompression
    with grpc.insecure_channel(server.otlp_grpc, options=[("grpc.max_send_message_length", -1)]) as channel:
        call: Callable[..., bytes] = channel.unary_unary(METHOD)
        try:
            found = call(content, metadata=tuple(metadata.items()), timeout=60, compression=compression)
        except grpc.RpcError as error:
            return _failure(error)
    return Answer("OK", ExportTraceServiceResponse.FromString(found))


def _failure(error: Any) -> Answer:
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    status = Status.FromString(packed) if packed else None
    if status is not None:
        assert (status.code, status.message) == (error.code().value[0], error.details())
    return Answer(error.code().name, status=status, retry_after=_retry_info(status))


def _read(found: httpx.Response, transport: Transport) -> Answer:
    json = transport == "http/json"
    if found.status_code == 200:
        response = ExportTraceServiceResponse()
        if json:
            json_format.Parse(found.content, response)
        else:
            response.ParseFromString(found.content)
        return Answer("OK", response, http=200)
    status = Status()
    if json:
        json_format.Parse(found.content, status)
    else:
        status.ParseFromString(found.content)
    code = next(one.name for one in grpc.StatusCode if one.value[0] == status.code)
    after = found.headers.get("retry-after")
    assert (int(after) if after else None) == _retry_info(status)
    return Answer(code, None, status, found.status_code, _retry_info(status), dict(found.headers))


def _retry_info(status: Status | None) -> int | None:
    detail = RetryInfo()
    found = [one for one in (status.details if status else []) if one.Unpack(detail)]
    return detail.retry_delay.seconds if found else None
