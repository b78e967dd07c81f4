"""Who may send telemetry: a token's answer, remembered for a few seconds so that each export does not ask the database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from collectors.otlp.receiver import Access
from registry.access.roles import Principal

#: How long a revoked token may still be taken for good.
REMEMBER_SECONDS = 5.0
_MOST = 1_000


@dataclass(slots=True)
class TelemetryGate:
    """Answers for the value of an ``authorization`` header.

    ``open`` grants senders without a token: for receivers that only this machine reaches.
    """

    recognise: Callable[[str], Principal | None]
    open: bool
    _known: dict[str, tuple[Access, float]] = field(default_factory=dict)

    async def __call__(self, header: str) -> Access:
        """Whether this sender may send."""
        if not header:
            return Access.GRANTED if self.open else Access.UNAUTHENTICATED
        known = self._known.get(header)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return Access.UNAUTHENTICATED
        who = await asyncio.to_thread(self.recognise, token.strip())
        if who is None:
            answer = Access.UNAUTHENTICATED
        else:
            answer = Access.GRANTED if who.may("telemetry:write") else Access.DENIED
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[header] = (answer, time.monotonic() + REMEMBER_SECONDS)
        return answer
