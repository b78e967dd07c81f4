"""The audit log as an outbox: what each webhook has yet to be told, who tells it, and what became of it.

A server claims a webhook for a while before it sends, in a transaction of its own, so that no transaction is open while
a receiver takes its time and no two servers tell one webhook at once. A server that dies lets the claim run out; what
it may have sent is then sent again under the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from registry.access.secret import new_id
from registry.audit import chain
from registry.audit.models import AuditEntry, AuditHead
from registry.catalogue import read
from registry.kinds.webhook import Events, WebhookManifest
from registry.webhooks.events import Happened, concerns
from registry.webhooks.models import WebhookDelivery, WebhookState
from registry.webhooks.retrying import after_failure
from registry.webhooks.teams import teams_of

#: A claim is longer than a receiver may take, so that it can't run out in the middle.
CLAIM = timedelta(seconds=60)
#: Entries of the audit log that are looked at in one transaction.
AT_ONCE = 200
#: The name under which the audit log has what no person did.
ACTOR = "webhooks"

Following = Literal["next", "retry", "give-up", "pause", "lost"]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send to a webhook for a while."""

    webhook: str
    token: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What to send next: events in their order, and the last entry that was looked at."""

    manifest: WebhookManifest
    events: tuple[Happened, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending: the answer's status (none: nobody answered), why it did not go well, and how long it took.

    ``asked``: how long the receiver asked us to wait.
    """

    status: int | None
    error: str | None
    milliseconds: int
    asked: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.error is None


def _due(now: datetime) -> Select[WebhookState]:
    end = select(AuditHead.seq).where(AuditHead.id == 1).scalar_subquery()
    return (
        select(WebhookState)
        .where(
            WebhookState.state == "active",
            WebhookState.cursor < end,
            or_(WebhookState.next_at.is_(None), WebhookState.next_at <= now),
            or_(WebhookState.claimed_until.is_(None), WebhookState.claimed_until <= now),
        )
        .order_by(WebhookState.name)
    )


def is_due(session: Session, now: datetime) -> bool:
    """Whether any webhook has something to look at; asked often, so that it writes nothing."""
    return session.scalars(_due(now).limit(1)).first() is not None


def claim(session: Session, now: datetime, limit: int = 50) -> list[Claim]:
    """Claim the webhooks that are due; another server that asks at the same moment gets others."""
    rows = session.scalars(_due(now).limit(limit).with_for_update(skip_locked=True)).all()
    found = []
    for row in rows:
        row.claim, row.claimed_until = new_id(), now + CLAIM
        found.append(Claim(row.name, row.claim))
    return found


def waiting(session: Session, held: Claim) -> Waiting | None:
    """What to send next; none where the webhook is gone or another server has it."""
    row, manifest = _held(session, held), read.get(session, "Webhook", held.webhook)
    if row is None or not isinstance(manifest, WebhookManifest):
        return None
    entries = after(session, row.cursor)
    return Waiting(
        manifest, tuple(chosen(session, manifest.spec.events, entries)), entries[-1].seq if entries else row.cursor
    )


def after(session: Session, cursor: int, limit: int = AT_ONCE) -> Sequence[AuditEntry]:
    """Entries of the audit log, the oldest first."""
    return session.scalars(
        select(AuditEntry).where(AuditEntry.seq > cursor).order_by(AuditEntry.seq).limit(limit)
    ).all()


def chosen(session: Session, events: Events, entries: Sequence[AuditEntry]) -> list[Happened]:
    """Those of the entries that are what a webhook asked for."""
    found = []
    for entry in entries:
        # Owners are looked up only where they can matter.
        bare = happened(entry)
        if concerns(Events(kinds=events.kinds, actions=events.actions, names=events.names), bare):
            one = happened(entry, teams_of(session, entry))
            if concerns(events, one):
                found.append(one)
    return found


def happened(entry: AuditEntry, teams: frozenset[str] = frozenset()) -> Happened:
    """An entry as a plain value."""
    return Happened(
        seq=entry.seq,
        hash=entry.hash,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        kind=entry.kind,
        name=entry.name,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        teams=teams,
    )


def settle(session: Session, held: Claim, one: Happened, outcome: Outcome, now: datetime) -> Following:
    """Note what came of an event, and what comes next: the next event at once after ``next`` and ``give-up``.

    ``lost``: another server has the webhook by now. Renews the claim.
    """
    if not outcome.taken:
        # Pausing writes to the audit log, whose lock is always the first to be taken.
        chain.lock(session)
    row = _held(session, held, lock=True)
    if row is None:
        return "lost"
    attempts = row.attempts + 1
    if outcome.taken:
        row.cursor, row.attempts, row.failing_since, row.next_at, row.delivered_at = one.seq, 0, None, None, now
        row.claimed_until = now + CLAIM
        note(session, held.webhook, one, "delivered", outcome, now, attempts)
        return "next"
    row.failing_since = row.failing_since or now
    following = after_failure(outcome.status, attempts, row.failing_since, now, outcome.asked)
    row.attempts, row.next_at = attempts, following.at
    state = "retrying"
    if following.what == "give-up":
        row.cursor, row.attempts, row.next_at, state = one.seq, 0, None, "refused"
        row.claimed_until = now + CLAIM
    elif following.what == "pause":
        said = f"{following.why}; last: {outcome.error}"
        row.state, row.note, row.changed_at, row.changed_by, row.next_at = "paused", said, now, ACTOR, None
        after_ = {"state": "paused", "failing_since": row.failing_since.isoformat()}
        chain.record(
            session, actor=ACTOR, action="pause", kind="Webhook", name=row.name, now=now,
            before={"state": "active"}, after=after_, reason=said,
        )  # fmt: skip
    note(session, held.webhook, one, state, outcome, now, attempts)
    return following.what


def release(session: Session, held: Claim, seen: int | None = None) -> None:
    """Give the claim back; ``seen``: there is nothing more to send up to there."""
    row = _held(session, held, lock=True)
    if row is None:
        return
    if seen is not None and seen > row.cursor:
        row.cursor = seen
    row.claim = row.claimed_until = None


def note(
    session: Session,
    webhook: str,
    one: Happened,
    state: str,
    outcome: Outcome,
    now: datetime,
    attempts: int | None = None,
) -> WebhookDelivery:
    """Write into the log of deliveries."""
    row = session.get(WebhookDelivery, (webhook, one.id))
    if row is None:
        row = WebhookDelivery(
            webhook=webhook, event=one.id, seq=one.seq, type=one.type[:120], subject=one.subject[:300], attempts=0,
            first_at=now,
        )  # fmt: skip
        session.add(row)
    row.state, row.attempts, row.last_at = state, attempts or row.attempts + 1, now
    row.status, row.error, row.milliseconds = outcome.status, outcome.error, outcome.milliseconds
    return row


def _held(session: Session, held: Claim, *, lock: bool = False) -> WebhookState | None:
    query = select(WebhookState).where(WebhookState.name == held.webhook, WebhookState.claim == held.token)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()
