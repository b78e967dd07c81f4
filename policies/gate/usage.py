"""Who was seen calling an API, as far back as a business cycle goes, and how far to trust that."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collectors.usage.reading import ApiUsage
from collectors.usage.reading import Usage as Calls
from registry.kinds.api import APIManifest
from registry.kinds.system import SystemManifest

#: A quarter and a week: what runs at quarter end only must have had its turn.
LOOK_BACK_DAYS = 100
RECENT_DAYS = 30
_DAY = 86_400 * 10**9
_SAMPLED = """
SELECT countIf(position(trace_state, 'th:') > 0) > 0 FROM spans
WHERE ts >= now64(9) - INTERVAL 1 DAY"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was seen of an API, all versions. ``sampled``: some senders say that they record a share of the calls only."""

    found: ApiUsage
    sampled: bool = False

    @property
    def covered_days(self) -> int:
        """How many days back there are spans at all."""
        return 0 if self.found.first_at is None else max(1, -(-(self.found.until - self.found.first_at) // _DAY))


@dataclass(frozen=True, slots=True)
class Caller:
    """A service that was seen calling; ``calls`` are those of the last 30 days. ``system``: whose service it is."""

    service: str
    version: str
    calls: int
    last_call: datetime
    system: str | None = None


def read_usage(calls: Calls, api: APIManifest, now: datetime) -> Usage:
    """What spans say of an API's calls. Raises ``StoreError``."""
    until = int(now.timestamp() * 1_000_000) * 1_000
    found = calls.api(api.spec, until - LOOK_BACK_DAYS * _DAY, until)
    return Usage(found, bool(found.spans) and bool(calls.store.query(_SAMPLED, {})[0][0]))


def callers(usage: Usage, version: str | None, systems: Iterable[SystemManifest]) -> list[Caller]:
    """Who was seen calling a version, most calls first; calls that don't tell their version may be of any."""
    recent = (datetime.fromtimestamp(usage.found.until / 1e9, UTC) - timedelta(days=RECENT_DAYS)).date()
    known = list(systems)
    found = [
        Caller(
            service=one.service,
            version=one.version,
            calls=sum(count.calls for day, count in one.days.items() if day > recent),
            last_call=datetime.fromtimestamp(one.last_at // 1_000 / 1e6, UTC),
            system=system_of(one.service, known),
        )
        for one in usage.found.consumers
        if version is None or one.version in {version, ""}
    ]
    return sorted(found, key=lambda one: (-one.calls, one.service, one.version))


def system_of(service: str, systems: Sequence[SystemManifest]) -> str | None:
    """The system to which a service belongs: one that names it, or else one that bears its name."""
    if not service:
        return None
    for system in systems:
        if any(fnmatch.fnmatchcase(service, pattern) for pattern in system.spec.services):
            return system.name
    return next((system.name for system in systems if system.name == service), None)


def words(usage: Usage | None, api: str) -> str:
    """How far the look-back went and what it can't have seen, for people."""
    if usage is None:
        return f"calls of {api} are unknown: this server reads no traces"
    if not usage.found.recognised:
        return f"calls of {api} are unknown: it does not say how they look in traces; add calls to its manifest"
    if not usage.found.spans:
        return f"calls of {api} are unknown: no span has arrived in {LOOK_BACK_DAYS} days"
    short = ""
    if usage.covered_days < LOOK_BACK_DAYS - 1:
        days = usage.covered_days
        short = (
            f", but the oldest span is {days} {'day' if days == 1 else 'days'} old: what runs less often was not seen"
        )
    share = (
        "; some senders record a share of their calls only, so counts are too low and a rare caller may be missed"
        if usage.sampled
        else "; whether senders leave calls out by sampling, their spans don't say"
    )
    return f"calls of {api} were looked for in the spans of {LOOK_BACK_DAYS} days{short}{share}"
