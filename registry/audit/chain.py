"""Writing to the audit log, and showing that nobody rewrote it.

Each entry's hash is SHA-256 over the canonical JSON of the entry and the hash before it, so a change to any entry
shows in all that follow.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.models import AuditEntry, AuditHead

GENESIS = "0" * 64
_HELD = "audit-head"
_HASHED = ("seq", "at", "actor", "action", "kind", "name", "before", "after", "reason", "previous")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds. ``broken_at`` is the first entry that does not fit; ``sentence`` says it for people."""

    entries: int
    broken_at: int | None
    sentence: str

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, taken out or cut off."""
        return self.broken_at is None


def lock(session: Session) -> AuditHead:
    """The chain's end, held against other writers until the transaction ends.

    Take it before reading what is to be changed: then no one else changes that in between, and writers can't wait for
    one another in a circle. A session is one transaction (see ``Database``), so that it has to be taken only once.
    """
    held = session.info.get(_HELD)
    if isinstance(held, AuditHead):
        return held
    head = session.scalars(select(AuditHead).where(AuditHead.id == 1).with_for_update()).one()
    session.info[_HELD] = head
    return head


def mark(session: Session) -> str:
    """The last entry's hash: while it stays the same, nothing that is logged has changed."""
    return session.scalar(select(AuditHead.hash).where(AuditHead.id == 1)) or GENESIS


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    kind: str,
    name: str,
    now: datetime,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
) -> AuditEntry:
    """Add an entry: who did what to which thing, when, from what to what, and why.

    ``before`` and ``after`` are plain JSON values and never hold a secret.
    """
    head = lock(session)
    entry = AuditEntry(
        seq=head.seq + 1,
        at=now.astimezone(UTC),
        actor=actor,
        action=action,
        kind=kind,
        name=name,
        before=before,
        after=after,
        reason=reason,
        previous=head.hash,
    )
    entry.hash = entry_hash(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256, in hexadecimal digits, of everything an entry says."""
    said = {field: getattr(entry, field) for field in _HASHED} | {"at": entry.at.astimezone(UTC).isoformat()}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def choices(session: Session) -> dict[str, list[str]]:
    """The kinds, actions and actors that the log has."""
    columns = {"kind": AuditEntry.kind, "action": AuditEntry.action, "actor": AuditEntry.actor}
    return {name: sorted(session.scalars(select(column).distinct())) for name, column in columns.items()}


def one(session: Session, seq: int) -> AuditEntry | None:
    """One entry."""
    return session.get(AuditEntry, seq)


def verify(session: Session) -> Verdict:
    """Walk the whole chain; memory stays flat."""
    seq, previous = 0, GENESIS
    query = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500)
    with closing(session.scalars(query)) as walk:
        for entry in walk:
            if entry.seq != seq + 1:
                return Verdict(seq, seq + 1, f"entry {seq + 1} of the audit log is missing")
            if entry.previous != previous or entry.hash != entry_hash(entry):
                return Verdict(seq, entry.seq, f"entry {entry.seq} of the audit log was changed after it was written")
            seq, previous = entry.seq, entry.hash
            session.expunge(entry)
    head = session.scalars(select(AuditHead).where(AuditHead.id == 1)).one_or_none()
    if head is None or (head.seq, head.hash) != (seq, previous):
        return Verdict(seq, seq + 1, f"the audit log ends after entry {seq}, but more was written")
    return Verdict(seq, None, f"the audit log holds: {seq:,} entries, none changed, none missing")


def entries(
    session: Session,
    *,
    before_seq: int | None = None,
    limit: int = 50,
    actor: str | None = None,
    kind: str | None = None,
    name: str | None = None,
    action: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[AuditEntry]:
    """Newest first, at most ``limit``, older than ``before_seq``; narrowed by whatever else is given.

    ``since`` is the first moment that counts, ``until`` the first that does not.
    """
    query = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    wanted = ((AuditEntry.actor, actor), (AuditEntry.kind, kind), (AuditEntry.name, name), (AuditEntry.action, action))
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if until is not None:
        query = query.where(AuditEntry.at < until)
    if before_seq is not None:
        query = query.where(AuditEntry.seq < before_seq)
    return session.scalars(query).all()
