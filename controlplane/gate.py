"""Who may send telemetry: a token's answer, remembered for a few seconds so that each export does not ask the database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from collectors.ingest import Unavailable
from collectors.otlp.receiver import Access, Grant
from registry.access.roles import Principal
from registry.database import DatabaseError

log = logging.getLogger(__name__)

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
    _known: dict[str, tuple[Grant, float]] = field(default_factory=dict)

    async def __call__(self, header: str) -> Grant:
        """Whether this sender may send.

        Raises:
            Unavailable: the database can't be asked now.
        """
        if not header:
            return Grant(Access.GRANTED if self.open else Access.UNAUTHENTICATED)
        known = self._known.get(header)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return Grant(Access.UNAUTHENTICATED)
        try:
            who = await asyncio.to_thread(self.recognise, token.strip())
        except (SQLAlchemyError, DatabaseError) as error:
            log.warning("the database can't say whose token a sender has: %s", " ".join(str(error).split())[:300])
            raise Unavailable from error
        if who is None:
            answer = Grant(Access.UNAUTHENTICATED)
        else:
            answer = Grant(Access.GRANTED if who.may("telemetry:write") else Access.DENIED, who.name)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[header] = (answer, time.monotonic() + REMEMBER_SECONDS)
        return answer
