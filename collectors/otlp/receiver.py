"""What both transports do with a request: check it, have it stored, say what was left out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)

from collectors.ingest import GroupCommit
from collectors.otlp import json_body
from collectors.otlp.check import check, check_message


class Access(Enum):
    """Whether a sender may send."""

    GRANTED = "granted"
    UNAUTHENTICATED = "a bearer token is needed, in the header `authorization: Bearer <token>`"
    DENIED = "this token may not send telemetry; use one of the role collector"


#: From the value of the ``authorization`` header, "" if there is none.
Gate = Callable[[str], Awaitable[Access]]


@dataclass(slots=True)
class Receiver:
    """Takes the bodies of one signal, traces, from any transport.

    ``max_bytes`` bounds a body before and after decompression.
    """

    commit: GroupCommit
    gate: Gate
    max_bytes: int
    refused: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)

    async def protobuf(self, body: bytes) -> ExportTraceServiceResponse:
        """Store a serialized request; returns once it is stored.

        Raises:
            InvalidRequestError: it can't be read.
            collectors.ingest.Overloaded, Unavailable, Unstorable: it could not be stored.
        """
        checked = check(body, time.time_ns())
        return await self._store(checked.body, checked.spans, checked.rejected, checked.reason)

    async def json(self, body: bytes) -> ExportTraceServiceResponse:
        """The same for OTLP/JSON."""
        checked = check_message(json_body.read(body), None, time.time_ns())
        return await self._store(checked.body, checked.spans, checked.rejected, checked.reason)

    async def _store(self, body: bytes, spans: int, rejected: int, reason: str) -> ExportTraceServiceResponse:
        if spans:
            await self.commit.put(body, spans)
        if not rejected:
            return ExportTraceServiceResponse()
        self.refused["invalid span"] += rejected
        return ExportTraceServiceResponse(
            partial_success=ExportTracePartialSuccess(rejected_spans=rejected, error_message=reason)
        )
