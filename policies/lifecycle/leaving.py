"""How the callers of a version leave, week by week, and who calls what is gone already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from collectors.usage.reading import ApiUsage, ConsumerUsage
from registry.kinds.api import APIManifest, Version

#: A caller that was silent for so long has left, unless its business comes round more seldom.
QUIET_DAYS = 30
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Caller:
    """A service and its calls of a version, by the Monday of the week; ``there`` while it called in the last 30 days.

    ``guessed``: its spans don't tell the version, so the calls may be of another one.
    """

    service: str
    weeks: Mapping[date, int]
    last_call: datetime
    there: bool
    guessed: bool = False

    @property
    def calls(self) -> int:
        """All that were seen."""
        return sum(self.weeks.values())


@dataclass(frozen=True, slots=True)
class Leaving:
    """A version on its way out, or gone.

    ``weeks`` are the Mondays that were looked at, oldest first. ``incident``: it is retired and was called since.
    ``late``: its sunset has come and somebody is still there. ``ready``: deprecated, watched for as long as the look-back
    says, and quiet: it can be retired.
    """

    api: APIManifest
    version: Version
    weeks: tuple[date, ...]
    callers: tuple[Caller, ...]
    known: bool
    incident: bool
    late: bool
    ready: bool

    @property
    def there(self) -> int:
        """How many callers are still there."""
        return sum(one.there for one in self.callers)


def of_interest(api: APIManifest, today: date) -> list[Version]:
    """The versions that end: deprecated or retired, or with a date for either ahead."""
    return [
        one
        for one in api.spec.versions
        if one.lifecycle in {"deprecated", "retired"}
        or one.sunset is not None
        or any(day is not None and day > today for day in (one.dates.deprecated, one.dates.retired))
    ]


def leaving(
    api: APIManifest, version: Version, usage: ApiUsage | None, now: datetime, retired_at: datetime | None = None
) -> Leaving:
    """How it stands with a version.

    Args:
        api: whose version it is.
        version: the version.
        usage: its calls; None, or not recognised, where nothing can be said of its callers.
        now: the moment.
        retired_at: when it was retired, where its manifest has no date for that.
    """
    known = usage is not None and usage.recognised and usage.spans > 0
    callers = _callers(api, version, usage, now) if usage is not None and known else ()
    retired = version.dates.retired
    gone = retired_at if retired is None else datetime(retired.year, retired.month, retired.day, tzinfo=UTC)
    incident = version.lifecycle == "retired" and any(
        not one.guessed and one.there and (gone is None or one.last_call >= gone) for one in callers
    )
    sunset = version.sunset or retired
    there = any(one.there for one in callers)
    return Leaving(
        api=api,
        version=version,
        weeks=_weeks(usage) if usage is not None and known else (),
        callers=callers,
        known=known,
        incident=incident,
        late=version.lifecycle != "retired" and sunset is not None and sunset <= now.date() and there,
        ready=version.lifecycle == "deprecated" and known and not there and _watched(usage) >= QUIET_DAYS,
    )


def _callers(api: APIManifest, version: Version, usage: ApiUsage, now: datetime) -> tuple[Caller, ...]:
    recent = (now - timedelta(days=QUIET_DAYS)).astimezone(UTC)
    # Calls that don't tell their version can only be of this one where there is no other that people may call.
    alone = sum(one.lifecycle != "proposed" for one in api.spec.versions) == 1
    found = [
        _caller(one, recent, guessed=not one.version and not alone)
        for one in usage.consumers
        if one.version in {version.version, ""}
    ]
    return tuple(sorted(found, key=lambda one: (not one.there, -one.calls, one.service)))


def _caller(one: ConsumerUsage, recent: datetime, *, guessed: bool) -> Caller:
    last = datetime.fromtimestamp(one.last_at // 1_000 / 1e6, UTC)
    weeks: dict[date, int] = {}
    for day, count in sorted(one.days.items()):
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + count.calls
    return Caller(one.service or "callers that send no traces", weeks, last, last >= recent, guessed)


def _weeks(usage: ApiUsage) -> tuple[date, ...]:
    first = datetime.fromtimestamp((usage.first_at or usage.since) // 10**9, UTC).date()
    last = datetime.fromtimestamp((usage.until - 1) // 10**9, UTC).date()
    monday, weeks = first - timedelta(days=first.weekday()), []
    while monday <= last:
        weeks.append(monday)
        monday += _WEEK
    return tuple(weeks)


def _watched(usage: ApiUsage | None) -> int:
    """Days back to the oldest span."""
    if usage is None or usage.first_at is None:
        return 0
    return (usage.until - usage.first_at) // (86_400 * 10**9)


def worst_first(found: Iterable[Leaving]) -> Sequence[Leaving]:
    """Incidents, then what is late, then what ends soonest."""
    far = date.max
    return sorted(
        found,
        key=lambda one: (
            not one.incident,
            not one.late,
            one.version.lifecycle == "retired",
            one.version.sunset or one.version.dates.retired or far,
            one.api.name,
            one.version.version,
        ),
    )
