"""What both transports do with a request: check it, have it stored, say what was left out, and count all that."""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)

from collectors.durations import Durations
from collectors.hygiene.clean import Hygiene
from collectors.ingest import GroupCommit, Overloaded, Unavailable, Unstorable
from collectors.otlp import json_body
from collectors.otlp.check import NANOSECONDS, Checked, InvalidRequestError, check_message, parse
from collectors.otlp.refusal import RETRY_SECONDS, Refusal
from collectors.senders.reasons import Reason
from collectors.senders.tally import Sender, Tally

log = logging.getLogger(__name__)


class Access(Enum):
    """Whether a sender may send."""

    GRANTED = "granted"
    UNAUTHENTICATED = "a bearer token is needed, in the header `authorization: Bearer <token>`"
    DENIED = "this token may not send telemetry; use one of the role collector"


class Grant(NamedTuple):
    """Whether someone may send, and the name of the token that says so ("" without one)."""

    access: Access
    token: str = ""


#: From the value of the ``authorization`` header, "" if there is none. May raise ``Unavailable``.
Gate = Callable[[str], Awaitable[Grant]]

_BY_ACCESS = {Access.UNAUTHENTICATED: Reason.UNAUTHENTICATED, Access.DENIED: Reason.DENIED}


@dataclass(slots=True)
class Receiver:
    """Takes the bodies of one signal, traces, from any transport.

    ``max_bytes`` bounds a body before and after decompression. ``requests`` counts by transport, ``answers`` refused
    requests by the code that answered them; the tally counts both by sender. ``acknowledged`` has, by transport, how long
    requests that were stored waited for it, from their last byte on.
    """

    commit: GroupCommit
    gate: Gate
    max_bytes: int
    tally: Tally = field(default_factory=Tally)
    hygiene: Hygiene = field(default_factory=Hygiene)
    answers: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    acknowledged: defaultdict[str, Durations] = field(default_factory=lambda: defaultdict(Durations))
    received_spans: int = 0
    received_bytes: int = 0
    reading_bytes: int = 0

    async def admit(self, authorization: str, sender: Sender) -> Sender:
        """The sender with the name of its token.

        Raises:
            Refusal: it may not send, or that can't be found out now.
        """
        try:
            grant = await self.gate(authorization)
        except Unavailable as error:
            said = "who sends can't be looked up now; send again later"
            raise self.refusal(sender, Reason.FAULT, said, error.retry_after) from error
        known = sender._replace(token=grant.token)
        if grant.access is not Access.GRANTED:
            raise self.refusal(known, _BY_ACCESS[grant.access], grant.access.value)
        return known

    async def take(self, body: bytes, sender: Sender, *, json: bool = False) -> ExportTraceServiceResponse:
        """Store a request, serialized protobuf or OTLP/JSON; returns once it is stored.

        Raises:
            Refusal: it can't be read or could not be stored.
        """
        self.requests[sender.transport] += 1
        now, began = time.time_ns(), time.perf_counter()
        try:
            request = json_body.read(body) if json else parse(body)
        except InvalidRequestError as error:
            raise self.refusal(sender, Reason.UNDECODABLE, str(error), size=len(body)) from error
        changed = self.hygiene.clean(request, None if json else body)
        checked = check_message(request, None if json or changed else body, now)
        self.received_spans += checked.spans + checked.rejected
        self.received_bytes += len(checked.body)
        if checked.spans:
            await self._put(checked, sender)
        self.acknowledged[sender.transport].add(time.perf_counter() - began)
        lag = (now - checked.ended) / NANOSECONDS if checked.ended else None
        self.tally.taken(sender, checked.services, len(checked.body), lag, now)
        if not checked.rejected:
            return ExportTraceServiceResponse()
        for reason, services in checked.left_out.items():
            self.tally.refuse(sender, reason, checked.reason, now, services)
        return ExportTraceServiceResponse(
            partial_success=ExportTracePartialSuccess(rejected_spans=checked.rejected, error_message=checked.reason)
        )

    async def _put(self, checked: Checked, sender: Sender) -> None:
        try:
            await self.commit.put(checked.body, checked.spans)
        except Unstorable as error:
            text = f"the spans could not be stored: {error}"
            raise self.refusal(sender, Reason.STORE_REFUSED, text, checked=checked) from error
        except (Overloaded, Unavailable) as error:
            full = isinstance(error, Overloaded)
            what = "the collector is full" if full else "the store can't be reached"
            text, wait = f"{what}; send again in {error.retry_after} s", error.retry_after
            reason = Reason.OVERLOADED if full else Reason.STORE_AWAY
            raise self.refusal(sender, reason, text, wait, checked=checked) from error

    def refusal(
        self, sender: Sender, reason: Reason, text: str, retry_after: int | None = None, *, http: int | None = None,
        checked: Checked | None = None, size: int = 0,
    ) -> Refusal:  # fmt: skip
        """An answer that refuses, counted."""
        services = checked.services if checked is not None else None
        self.tally.refuse(sender, reason, text, time.time_ns(), services, len(checked.body) if checked else size)
        return Refusal(reason, text, retry_after, http)

    def fault(self, sender: Sender, error: Exception) -> Refusal:
        """The answer to an exception that nobody expected: it may pass, so the sender should come back."""
        log.error("a request could not be taken", exc_info=error)
        text = f"a fault of this server; send again in {RETRY_SECONDS} s"
        return self.refusal(sender, Reason.FAULT, text, RETRY_SECONDS)
