"""The end of waivers, told ahead and when it comes; the audit log remembers what was told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit import chain
from registry.audit.models import AuditEntry
from registry.compat.waivers import AHEAD_DAYS
from registry.waivers.service import standing
from registry.waivers.standing import Standing

#: Days before the last one on which it is told that a waiver ends.
ANNOUNCED_DAYS = (AHEAD_DAYS, 3)
#: An end that nobody was told of in time is told this long; what was over long ago is no news.
NEWS_DAYS = 30
#: The name under which the audit log has what no person did.
ACTOR = "waivers"

What = Literal["expires-soon", "expire"]


def news(one: Standing, told: Collection[tuple[str, str, int]], today: date) -> tuple[What, int] | None:
    """What is to be told of a waiver on a day: which, and the days that are left; none if it was told.

    ``told``: action, last day and days left of what was told of it before; another last day is another end.
    """
    left = one.days_left(today)
    state = one.state(today)
    mine = [(action, days) for action, expires, days in told if expires == one.expires.isoformat()]
    if state == "expired":
        known = any(action == "expire" for action, _ in mine)
        return None if known or -left > NEWS_DAYS else ("expire", left)
    if state not in {"requested", "approved"}:
        return None
    reached = [days for days in ANNOUNCED_DAYS if left <= days]
    # Whoever asks for a few days knows when they end.
    asked_for = (one.expires - one.requested_at.date()).days
    if not reached or asked_for <= min(reached) or any(a == "expires-soon" and d <= min(reached) for a, d in mine):
        return None
    return "expires-soon", left


def announce(session: Session, now: datetime) -> int:
    """Tell what is to be told now, each once; how much that was."""
    chain.lock(session)
    known = _told(session, now)
    count = 0
    for one in standing(session):
        found = news(one, known.get(one.name, ()), now.date())
        if found is None:
            continue
        action, left = found
        after = {
            "state": one.state(now.date()),
            "subject": one.subject,
            "expires": one.expires.isoformat(),
            "days_left": left,
            "requested_by": one.requested_by,
            "reason": one.reason,
        }
        chain.record(session, actor=ACTOR, action=action, kind="Waiver", name=one.name, now=now, after=after)
        count += 1
    return count


def _told(session: Session, now: datetime) -> dict[str, list[tuple[str, str, int]]]:
    """Waiver -> what was told of it, as far back as it can matter."""
    oldest = now - timedelta(days=AHEAD_DAYS + NEWS_DAYS + 2)
    query = select(AuditEntry).where(AuditEntry.kind == "Waiver", AuditEntry.actor == ACTOR, AuditEntry.at >= oldest)
    found: dict[str, list[tuple[str, str, int]]] = {}
    for entry in session.scalars(query):
        after = entry.after if isinstance(entry.after, dict) else {}
        row = (entry.action, str(after.get("expires")), int(after.get("days_left", 0)))
        found.setdefault(entry.name, []).append(row)
    return found
