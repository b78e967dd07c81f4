"""What is over is let go once a day, where the settings say after how many days."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opentelemetry import trace

from collectors.expiry import Expired, expire
from collectors.store.client import StoreError
from controlplane.recurring import Recurring
from controlplane.settings import Settings
from controlplane.storing import observed_store
from registry.audit import chain
from registry.database import Database

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
_tracer = trace.get_tracer("controlplane")
#: The name under which the audit log has it; no person asked for a run.
ACTOR = "retention"
#: Removing rewrites what lies beside; a large store may take its time.
_PATIENCE_SECONDS = 3_600.0


@dataclass(slots=True)
class Retention:
    """A task that removes what is over, once after the start and then once a day.

    ``still`` holds off correlation while instances are removed. ``last`` is when it last did so, and how much that was;
    ``removed`` is how much it has in all, ``failures`` how often it could not, since the start of the process.
    """

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    still: Callable[[], AbstractContextManager[object]]
    last: tuple[datetime, Expired] | None = None
    removed: Expired = field(default_factory=lambda: Expired(0, 0))
    failures: int = 0
    _removing: Recurring = field(init=False)

    def __post_init__(self) -> None:
        """Begin nothing yet."""
        self._removing = Recurring(self.remove, EVERY)

    def before(self) -> datetime | None:
        """What ended before this moment is over; None where all is kept."""
        days = self.settings.retention_days
        return None if days is None else self.clock() - timedelta(days=days)

    def start(self) -> None:
        """Begin, in the loop that runs; nothing where all is kept."""
        if self.settings.retention_days is not None:
            self._removing.start()

    async def stop(self) -> None:
        """End; a removal that is under way is finished first."""
        await self._removing.stop()

    @_tracer.start_as_current_span("let go of what is over")
    def remove(self) -> Expired | None:
        """Remove what is over now; None where all is kept or the store can't be asked."""
        before = self.before()
        if before is None:
            return None
        try:
            with observed_store(self.settings, timeout=_PATIENCE_SECONDS) as store:
                found = expire(store, nanoseconds(before), self.still)
        except StoreError as error:
            self.failures += 1
            log.warning("what is over could not be removed and is tried again in a day: %s", error)
            return None
        now = self.clock()
        if found != Expired(0, 0):
            log.info("removed %d instances that ended before %s, and %d spans", found.instances, before, found.spans)
            with self.database.writing() as session:
                removed = {"instances": found.instances, "spans": found.spans, "ended_before": before.isoformat()}
                chain.record(
                    session, actor=ACTOR, action="expire", kind="Telemetry", name="history", now=now, after=removed
                )
        self.last = (now, found)
        self.removed = Expired(self.removed.instances + found.instances, self.removed.spans + found.spans)
        return found


def nanoseconds(moment: datetime) -> int:
    """A moment as the observed store counts."""
    return int(moment.timestamp()) * 1_000_000_000
