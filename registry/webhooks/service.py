"""Webhooks as people see and steer them: how each stands, its secret, its log; pausing, going on, passing over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from registry.audit import chain
from registry.audit.models import AuditHead
from registry.catalogue import read
from registry.kinds.webhook import WebhookManifest
from registry.sources.sealing import Seal, SecretError
from registry.webhooks.events import Happened
from registry.webhooks.models import WebhookDelivery, WebhookState
from registry.webhooks.outbox import ACTOR, Outcome, happened, note
from registry.webhooks.signing import keys_of
from registry.webhooks.teams import teams_of

#: What became of an event is kept so long.
KEPT = timedelta(days=30)
Standing = Literal["idle", "waiting", "failing", "paused"]


class WebhookError(ValueError):
    """What can't be done to a webhook; one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as it stands. ``behind``: entries of the audit log that it has not been held against yet.

    ``secret``: ``elsewhere`` (as the manifest says), ``set`` or ``missing``. ``last`` is the event that was tried last.
    """

    manifest: WebhookManifest
    state: WebhookState
    behind: int
    secret: Literal["elsewhere", "set", "missing"]
    last: WebhookDelivery | None

    @property
    def standing(self) -> Standing:
        """In one word."""
        if self.state.state == "paused":
            return "paused"
        if self.state.failing_since is not None:
            return "failing"
        return "waiting" if self.behind else "idle"


def hooks(session: Session, name: str | None = None) -> list[Hook]:
    """All, or the one of that name, by name."""
    manifests = read.every(session, WebhookManifest)
    end = session.scalar(select(AuditHead.seq).where(AuditHead.id == 1)) or 0
    states = {row.name: row for row in session.scalars(select(WebhookState))}
    latest = _latest(session)
    return [
        Hook(one, state, max(0, end - state.cursor), secret_state(one, state), latest.get(one.name))
        for one in manifests
        if name in {None, one.name} and (state := states.get(one.name)) is not None
    ]


def _latest(session: Session) -> Mapping[str, WebhookDelivery]:
    last = (
        select(WebhookDelivery.webhook, func.max(WebhookDelivery.last_at).label("at"))
        .group_by(WebhookDelivery.webhook)
        .subquery()
    )
    query = select(WebhookDelivery).join(
        last, and_(WebhookDelivery.webhook == last.c.webhook, WebhookDelivery.last_at == last.c.at)
    )
    return {row.webhook: row for row in session.scalars(query.order_by(WebhookDelivery.event))}


def begin(session: Session, name: str, actor: str, now: datetime) -> None:
    """A webhook is told what happens from its first manifest on.

    Another manifest lets it try again at once, and ends a pause that no person asked for.
    """
    head = chain.lock(session)
    row = session.get(WebhookState, name)
    if row is None:
        row = WebhookState(name=name, cursor=head.seq, state="active", attempts=0, changed_at=now, changed_by=actor)
        session.add(row)
    elif row.state == "paused" and row.changed_by == ACTOR:
        row.state, row.note, row.failing_since, row.changed_at, row.changed_by = "active", None, None, now, actor
    row.next_at = None


def end(session: Session, name: str) -> None:
    """Nothing is left of one that is taken out but its history in the audit log."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook == name))
    session.execute(delete(WebhookState).where(WebhookState.name == name))


def steer(
    session: Session,
    name: str,
    how: Literal["pause", "resume", "skip"],
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Pause, go on, or pass over the event that is not taken. What happens meanwhile waits and is not lost.

    Raises ``WebhookError``.
    """
    head = chain.lock(session)
    row = session.scalars(select(WebhookState).where(WebhookState.name == name).with_for_update()).one_or_none()
    if row is None:
        raise WebhookError(f"there is no webhook {name!r}")
    before = {"state": row.state}
    if how == "skip":
        stuck = session.scalars(
            select(WebhookDelivery).where(
                WebhookDelivery.webhook == name, WebhookDelivery.state == "retrying", WebhookDelivery.seq > row.cursor
            )
        ).first()
        if stuck is None or stuck.seq is None:
            raise WebhookError(f"no event waits to be taken by {name}")
        stuck.state = "skipped"
        row.cursor, row.attempts = min(stuck.seq, head.seq), 0
        before = {"event": stuck.event}
    elif how == "pause":
        if row.state == "paused":
            raise WebhookError(f"{name} is paused already")
        row.state = "paused"
    row.note, row.changed_at, row.changed_by = (reason if how == "pause" else None), now, actor
    if how != "pause":
        # The three days begin anew.
        row.state, row.failing_since = "active", None
    row.next_at = row.claim = row.claimed_until = None
    chain.record(
        session, actor=actor, action=how, kind="Webhook", name=name, now=now,
        before=before, after={"state": row.state}, reason=reason,
    )  # fmt: skip


def log(
    session: Session, name: str, *, limit: int = 50, older: tuple[datetime, str] | None = None
) -> Sequence[WebhookDelivery]:
    """What became of events, the last tried first; from behind a time and an id."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook == name)
    if older is not None:
        at, event = older
        query = query.where(
            (WebhookDelivery.last_at < at) | ((WebhookDelivery.last_at == at) & (WebhookDelivery.event > event))
        )
    return session.scalars(query.order_by(WebhookDelivery.last_at.desc(), WebhookDelivery.event).limit(limit)).all()


def forget_old(session: Session, now: datetime) -> None:
    """Let go of what became of events long ago."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.last_at < now - KEPT))


def tested(session: Session, name: str, event: str, of: str, outcome: Outcome, now: datetime) -> WebhookDelivery:
    """Write into the log what came of a test."""
    row = WebhookDelivery(
        webhook=name, event=event, seq=None, type=of, subject=f"Webhook/{name}", attempts=1, first_at=now,
        state="delivered" if outcome.taken else "refused", last_at=now, status=outcome.status, error=outcome.error,
        milliseconds=outcome.milliseconds,
    )  # fmt: skip
    session.add(row)
    return row


def sent_again(session: Session, name: str, one: Happened, outcome: Outcome, now: datetime) -> WebhookDelivery:
    """Write into the log what came of sending an event once more by hand. It moves nothing on."""
    return note(session, name, one, "delivered" if outcome.taken else "refused", outcome, now)


def event_at(session: Session, seq: int) -> Happened | None:
    """The event that an entry of the audit log is."""
    entry = chain.one(session, seq)
    return None if entry is None else happened(entry, teams_of(session, entry))


def secret_state(manifest: WebhookManifest, row: WebhookState) -> Literal["elsewhere", "set", "missing"]:
    """Where the secret is."""
    if manifest.spec.secret is not None:
        return "elsewhere"
    return "set" if row.sealed else "missing"


def put_secret(
    session: Session, manifest: WebhookManifest, secret: str, seal: Seal, *, actor: str, now: datetime
) -> None:
    """Keep a secret, sealed. Raises ``SecretError``; the audit log tells only that it was set."""
    if manifest.spec.secret is not None:
        raise SecretError(
            f"webhook {manifest.name!r} takes its secret from {manifest.spec.secret}; take that out first"
        )
    keys_of(secret)
    chain.lock(session)
    row = session.get_one(WebhookState, manifest.name)
    row.sealed, row.sealed_at, row.sealed_by = seal.close(secret, _purpose(manifest.name)), now, actor
    row.next_at = None
    chain.record(session, actor=actor, action="set-secret", kind="Webhook", name=manifest.name, now=now)


def keys(session: Session, manifest: WebhookManifest, seal: Seal, environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The keys to sign with. Raises ``SecretError`` where there is no secret, or one that is none."""
    spec = manifest.spec
    if spec.variable is not None:
        found = environment.get(spec.variable)
        if not found:
            raise SecretError(f"the environment variable {spec.variable} is not set")
        return keys_of(found)
    if spec.path is not None:
        try:
            return keys_of(Path(spec.path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            raise SecretError(f"the file {spec.path} can't be read") from None
    row = session.get(WebhookState, manifest.name)
    if row is None or row.sealed is None:
        raise SecretError(f"it has no secret yet; set one with `controlplane webhook secret {manifest.name} --new`")
    return keys_of(seal.open(row.sealed, _purpose(manifest.name)))


def _purpose(name: str) -> str:
    """A source of the same name has another secret."""
    return f"webhook/{name}"
