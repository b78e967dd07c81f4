"""What both transports do with a request: check it, have it stored, say what was left out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)

from collectors.ingest import GroupCommit, Overloaded, Unavailable, Unstorable
from collectors.otlp import json_body
from collectors.otlp.check import check, check_message


class Access(Enum):
    """Whether a sender may send."""

    GRANTED = "granted"
    UNAUTHENTICATED = "a bearer token is needed, in the header `authorization: Bearer <token>`"
    DENIED = "this token may not send telemetry; use one of the role collector"


#: From the value of the ``authorization`` header, "" if there is none.
Gate = Callable[[str], Awaitable[Access]]


_REASONS: Mapping[type[Exception], str] = {
    Overloaded: "buffer full",
    Unavailable: "store unavailable",
    Unstorable: "store refused",
}


@dataclass(slots=True)
class Receiver:
    """Takes the bodies of one signal, traces, from any transport.

    ``max_bytes`` bounds a body before and after decompression. ``requests`` counts by transport, ``refused`` requests by
    the code that answered them, ``unstored`` spans by the reason why they were not stored.
    """

    commit: GroupCommit
    gate: Gate
    max_bytes: int
    refused: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    unstored: Counter[str] = field(default_factory=Counter)
    received_spans: int = 0
    received_bytes: int = 0

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
        self.received_spans += spans + rejected
        self.received_bytes += len(body)
        if spans:
            await self._put(body, spans)
        if not rejected:
            return ExportTraceServiceResponse()
        self.unstored["invalid"] += rejected
        return ExportTraceServiceResponse(
            partial_success=ExportTracePartialSuccess(rejected_spans=rejected, error_message=reason)
        )

    async def _put(self, body: bytes, spans: int) -> None:
        try:
            await self.commit.put(body, spans)
        except (Overloaded, Unavailable, Unstorable) as error:
            self.unstored[_REASONS[type(error)]] += spans
            raise
