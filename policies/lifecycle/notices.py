"""Telling the owners of callers that a version ends: whom, when, and that it was done.

The record is the audit log's own entry, which is also the event that webhooks get.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policies.gate.usage import system_of
from policies.lifecycle.incidents import UNTRACED
from policies.lifecycle.keeping import ACTOR
from policies.lifecycle.leaving import Caller, Leaving
from registry.audit import chain
from registry.audit.models import AuditEntry
from registry.catalogue import read
from registry.kinds.system import SystemManifest
from registry.kinds.webhook import WebhookManifest
from registry.webhooks.events import Happened, concerns

#: Days before the sunset on which those who are still there are reminded; 0 is the day itself.
REMINDER_DAYS = (90, 30, 14, 7, 1, 0)
BY_HAND = "by hand"
_ACTION = "notify"


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody was told that a version ends.

    ``occasion``: ``by hand``, or how many days before the sunset. ``teams``: who owns the caller, nobody where it belongs to
    no system. ``webhooks``: those that wanted to know; where there is none, nobody was reached.
    """

    api: str
    version: str
    caller: str
    teams: tuple[str, ...]
    sunset: str | None
    occasion: str
    webhooks: tuple[str, ...]
    at: datetime
    by: str
    seq: int


def due(sunset: date | None, told: Collection[str], today: date) -> str | None:
    """The reminder that is due, none if it was given or the sunset is far; after the sunset the last one stays.

    Whoever was away on a day gives the nearest reminder, not all that were missed. ``told``: the occasions so far for
    this sunset.
    """
    if sunset is None:
        return None
    left = max((sunset - today).days, 0)
    reached = [days for days in REMINDER_DAYS if left <= days]
    if not reached or any(occasion.isdecimal() and int(occasion) <= min(reached) for occasion in told):
        return None
    return str(min(reached))


def given(session: Session, api: str | None = None) -> list[Notice]:
    """The notices that were given, of all APIs or one, the latest first."""
    query = select(AuditEntry).where(AuditEntry.kind == "API", AuditEntry.action == _ACTION)
    if api is not None:
        query = query.where(AuditEntry.name == api)
    return [_read(entry) for entry in session.scalars(query.order_by(AuditEntry.seq.desc()))]


def told_of(notices: Iterable[Notice], api: str, version: str, caller: str) -> list[Notice]:
    """Those of one caller of one version, the latest first."""
    return [one for one in notices if (one.api, one.version, one.caller) == (api, version, caller)]


def remind(session: Session, ending: Sequence[Leaving], now: datetime) -> list[Notice]:
    """Give the reminders that are due to those who are still there."""
    chain.lock(session)
    known = given(session)
    found = []
    for one in ending:
        for caller in addressees(one):
            before = told_of(known, one.api.name, one.version.version, caller.service)
            sunset = _sunset(one)
            occasion = due(sunset, [each.occasion for each in before if each.sunset == str(sunset)], now.date())
            if occasion is not None:
                found.append(tell(session, one, caller, occasion, ACTOR, now))
    return found


def tell_by_hand(
    session: Session, ending: Leaving, actor: str, now: datetime, callers: Collection[str] = ()
) -> tuple[list[Notice], list[str]]:
    """Tell those who are still there (or those of them that are named); and who was told earlier today, and is not again."""
    chain.lock(session)
    known = given(session, ending.api.name)
    found: list[Notice] = []
    earlier: list[str] = []
    for caller in addressees(ending):
        if callers and caller.service not in callers:
            continue
        before = told_of(known, ending.api.name, ending.version.version, caller.service)
        if any(one.at.date() == now.date() for one in before):
            earlier.append(caller.service)
        else:
            found.append(tell(session, ending, caller, BY_HAND, actor, now))
    return found, earlier


def addressees(one: Leaving) -> list[Caller]:
    """Who is to be told: whoever is still there and is known to call this version."""
    if one.version.lifecycle == "retired":
        return []
    return [caller for caller in one.callers if caller.there and not caller.guessed]


def tell(session: Session, one: Leaving, caller: Caller, occasion: str, actor: str, now: datetime) -> Notice:
    """Write it into the audit log, from where webhooks get it."""
    systems = read.every(session, SystemManifest)
    system = None if caller.service == UNTRACED else system_of(caller.service, systems)
    owner = next((each.metadata.owner for each in systems if each.name == system), None)
    after = _document(one, caller, occasion) | {"system": system, "teams": [owner] if owner else []}
    after["webhooks"] = _wanted_by(session, one, after, now)
    entry = chain.record(session, actor=actor, action=_ACTION, kind="API", name=one.api.name, now=now, after=after)
    return _read(entry)


def _document(one: Leaving, caller: Caller, occasion: str) -> dict[str, Any]:
    instead, sunset = one.version.replacement, _sunset(one)
    deprecated = one.version.dates.deprecated
    return {
        "version": one.version.version,
        "caller": caller.service,
        "calls": caller.calls,
        "last_call": caller.last_call.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "weeks": {str(monday): calls for monday, calls in caller.weeks.items()},
        "deprecated": str(deprecated) if deprecated else None,
        "sunset": str(sunset) if sunset else None,
        "replacement": {"api": instead.api or one.api.name, "version": instead.version} if instead else None,
        "occasion": occasion,
    }


def _wanted_by(session: Session, one: Leaving, after: dict[str, Any], now: datetime) -> list[str]:
    """The webhooks that will be told, known beforehand so that the record can say whether anybody was."""
    teams = frozenset(team for team in (*after["teams"], one.api.metadata.owner) if team)
    bare = Happened(0, "", now, "", _ACTION, "API", one.api.name, after=after, teams=teams)
    return [hook.name for hook in read.every(session, WebhookManifest) if concerns(hook.spec.events, bare)]


def _sunset(one: Leaving) -> date | None:
    return one.version.sunset or one.version.dates.retired


def _read(entry: AuditEntry) -> Notice:
    after = entry.after if isinstance(entry.after, dict) else {}
    return Notice(
        api=entry.name,
        version=str(after.get("version")),
        caller=str(after.get("caller")),
        teams=tuple(after.get("teams") or ()),
        sunset=after.get("sunset"),
        occasion=str(after.get("occasion")),
        webhooks=tuple(after.get("webhooks") or ()),
        at=entry.at,
        by=entry.actor,
        seq=entry.seq,
    )
