"""What comes due without anybody asking: calls of what is gone, reminders before a sunset, the end of waivers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opentelemetry import trace

from collectors.store.client import Store, StoreError
from collectors.usage.gone import late_calls
from collectors.usage.reading import ApiUsage
from controlplane.recurring import Recurring
from policies.gate.usage import LOOK_BACK_DAYS
from policies.lifecycle import keeping, notices
from policies.lifecycle.ended import Ended, calls_of, ended, moments, named
from policies.lifecycle.incidents import Seen, seen_of, with_untold
from policies.lifecycle.leaving import QUIET_DAYS
from policies.lifecycle.reading import ending
from policies.lifecycle.retired import retired_since
from registry.catalogue import read
from registry.database import Database
from registry.kinds.api import APIManifest
from registry.kinds.system import SystemManifest
from registry.waivers import announcing
from registry.webhooks import service

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
_tracer = trace.get_tracer("controlplane")
_DAY = 86_400 * 10**9
_SEEN_LATELY = f"SELECT count() > 0 FROM spans WHERE ts >= now64(9) - INTERVAL {QUIET_DAYS} DAY"


@dataclass(slots=True)
class Watch:
    """A task that looks once after the start and then four times an hour.

    Any number of servers may do so on one database: each thing is told once. ``store`` gives the spans, None where none
    are read; ``usage`` the calls of an API.
    """

    database: Database
    clock: Callable[[], datetime]
    store: Callable[[], Store | None]
    usage: Callable[[APIManifest, datetime], ApiUsage | None]
    _looking: Recurring = field(init=False)

    def __post_init__(self) -> None:
        """Begin nothing yet."""
        self._looking = Recurring(self._logged, EVERY)

    def start(self) -> None:
        """Begin, in the loop that runs."""
        self._looking.start()

    async def stop(self) -> None:
        """End; a look that is under way is finished first."""
        await self._looking.stop()

    @_tracer.start_as_current_span("look for what is due")
    def _logged(self) -> None:
        for look in (self.waivers, self.incidents, self.reminders, self.tidy):
            try:
                look()
            except StoreError as error:
                log.warning("what became due could not be told and is looked for again: %s", error)
            except Exception:
                log.exception("what became due could not be told; it is looked for again")

    def round(self) -> None:
        """Look for all of it now. Raises what goes wrong."""
        for look in (self.waivers, self.incidents, self.reminders, self.tidy):
            look()

    def waivers(self) -> None:
        """Tell which waivers end soon, and which have ended."""
        with self.database.writing() as session:
            announcing.announce(session, self.clock())

    def incidents(self) -> list[str]:
        """Note who calls what is retired; the ids of incidents that opened or came back. Raises ``StoreError``."""
        store = self.store()
        if store is None:
            return []
        now = self.clock()
        with self.database.reading() as session:
            apis, systems = read.every(session, APIManifest), read.every(session, SystemManifest)
            retired = {api.name: with_untold(api, retired_since(session, api)) for api in apis}
            operations = {api.name: ended(session, api, now.date()) for api in apis}
            concerned = {row.api for row in keeping.standing(session)}
        opened: list[str] = []
        until = _nanoseconds(now) + 1
        for api in apis:
            since = retired[api.name]
            over = operations[api.name]
            if not since and not over and api.name not in concerned:
                continue
            gone = {(version, "") for version in since}
            gone |= {(one.version, named(operation)) for one in over for operation in one.since}
            seen = [*_of_versions(store, api, since, systems, until), *_of_operations(store, api, over, systems, until)]
            watched = bool(store.query(_SEEN_LATELY, {})[0][0])
            with self.database.writing() as session:
                opened += keeping.note(session, api.name, gone, seen, now, watched=watched)
        for ident in opened:
            log.warning("something retired is called: incident %s", ident)
        return opened

    def reminders(self) -> None:
        """Tell the owners of those who still call what ends soon."""
        now = self.clock()
        with self.database.reading() as session:
            apis = read.every(session, APIManifest)
        found = ending([api for api in apis if _ends_soon(api, now)], lambda api: self.usage(api, now), now)
        if any(notices.addressees(one) for one in found):
            with self.database.writing() as session:
                notices.remind(session, found, now)

    def tidy(self) -> None:
        """Let go of what became of events long ago."""
        with self.database.writing() as session:
            service.forget_old(session, self.clock())


def _of_versions(
    store: Store, api: APIManifest, since: Mapping[str, datetime], systems: Sequence[SystemManifest], until: int
) -> list[Seen]:
    calls = late_calls(store, api.spec, {name: _bounded(at, until) for name, at in since.items()}, until)
    return seen_of(api, since, calls, systems)


def _of_operations(
    store: Store, api: APIManifest, over: Sequence[Ended], systems: Sequence[SystemManifest], until: int
) -> list[Seen]:
    found: list[Seen] = []
    for at in moments(over):
        mine = [one for one in over if at in one.since.values()]
        calls = late_calls(store, api.spec, {one.version: _bounded(at, until) for one in mine}, until, apart=True)
        for one in mine:
            for operation, called in calls_of(one, calls, at).items():
                found += seen_of(api, {one.version: at}, called, systems, named(operation))
    return found


def _bounded(at: datetime, until: int) -> int:
    """From when calls are looked for: as far back as a look goes."""
    return max(_nanoseconds(at), until - LOOK_BACK_DAYS * _DAY)


def _ends_soon(api: APIManifest, now: datetime) -> bool:
    """Whether a reminder may be due, so that calls are counted for those only."""
    latest = now.date() + timedelta(days=max(notices.REMINDER_DAYS))
    ends = [one.sunset or one.dates.retired for one in api.spec.versions if one.lifecycle != "retired"]
    return any(day is not None and day <= latest for day in ends)


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1_000
