"""Looks at samples of events, beside everything else: no sender waits for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.events.sampling import Sampler
from controlplane.recurring import Recurring
from policies.drift.events import NOT_ALLOWED, forget, look, write
from policies.drift.schemas import EventSchemas
from registry.database import Database

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=3)
_FORGOTTEN_EVERY = timedelta(hours=1)


@dataclass(slots=True)
class EventChecks:
    """A task that looks at what the sampler kept, every few seconds, and counts there what it found."""

    database: Database
    clock: Callable[[], datetime]
    sampler: Sampler = field(default_factory=lambda: Sampler(time.monotonic))
    _schemas: EventSchemas = field(default_factory=EventSchemas)
    _forgot: datetime | None = None
    _looking: Recurring = field(init=False)

    def __post_init__(self) -> None:
        """Begin nothing yet."""
        self._looking = Recurring(self._try, EVERY)

    def start(self) -> None:
        """Begin, in the loop that runs."""
        self._looking.start()

    async def stop(self) -> None:
        """Look at what is left, then end."""
        if await self._looking.stop():
            await asyncio.to_thread(self._try)

    def _try(self) -> None:
        try:
            self.look()
        except Exception:
            log.exception("samples of events could not be looked at")

    def look(self) -> None:
        """Look at what was kept since the last time."""
        now, sample = self.clock(), self.sampler.drain()
        if sample.seen:
            with self.database.reading() as session:
                faults = look(session, self._schemas, sample.events)
            with self.database.writing() as session:
                write(session, sample, faults, now)
            self.sampler.outcomes["checked"] += len(sample.events)
            self.sampler.outcomes["faults"] += sum(one.count for one in faults if one.kind == NOT_ALLOWED)
        if self._forgot is None or now - self._forgot > _FORGOTTEN_EVERY:
            self._forgot = now
            with self.database.writing() as session:
                forget(session, now)
