"""What samples of events show: looked at, written down, told as findings, forgotten after a while."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from collectors.events.model import CloudEvent
from collectors.events.sampling import Kind, Sample
from collectors.events.spans import ids
from policies.drift import masking
from policies.drift.models import EventFault, EventSample
from policies.drift.payloads import violations
from policies.drift.schemas import EventSchemas, Fitting
from policies.gate.usage import system_of
from registry.catalogue import read
from registry.findings.model import Finding, Seen
from registry.kinds.system import SystemManifest
from registry.schemas.models import SchemaSubject

NOT_ALLOWED, UNKNOWN_TYPE = "payload-not-allowed", "unknown-event-type"
#: What did not happen for so long is forgotten.
KEPT = timedelta(days=30)
#: Kinds of fault, and of event, that are kept; whoever makes up types can't fill the database.
MOST_ROWS = 5_000


@dataclass(slots=True)
class Fault:
    """What one kind of fault came to in a sample."""

    kind: str
    who: Kind
    fitting: Fitting | None
    path: str
    rule: str
    sentence: str
    count: int = 0
    trace_id: str = ""
    example: str = ""

    @property
    def id(self) -> str:
        """The same for the same fault, always."""
        schema = (self.fitting.subject, str(self.fitting.version)) if self.fitting else ()
        return _digest(self.kind, *self.who, *schema, self.path, self.rule, self.sentence)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def look(session: Session, schemas: EventSchemas, events: Iterable[CloudEvent]) -> list[Fault]:
    """What is wrong with events, each kind of fault once."""
    schemas.refresh(session)
    found: dict[str, Fault] = {}
    for event in events:
        for fault in _faults(session, schemas, event):
            known = found.setdefault(fault.id, fault)
            known.count += 1
            known.trace_id, known.example = ids(event)[0].hex(), fault.example
    return list(found.values())


def _faults(session: Session, schemas: EventSchemas, event: CloudEvent) -> Iterator[Fault]:
    who = Kind(event.source, event.type)
    fitting = schemas.of(session, event)
    if fitting is None:
        yield Fault(UNKNOWN_TYPE, who, None, "/", "", "", example=masking.example(event.data) if event.data else "")
        return
    document = schemas.document(session, fitting)
    if document is None or event.opaque:
        return
    for one in violations(document, fitting.pointer, event.data) or ():
        yield Fault(NOT_ALLOWED, who, fitting, one.path, one.rule, one.sentence, example=one.example)


def write(session: Session, sample: Sample, faults: Iterable[Fault], now: datetime) -> None:
    """Add a sample to what is known. Several servers may do so at once; each adds its own."""
    for kind, seen in sample.seen.items():
        key = _digest(*kind)
        more = {"seen": EventSample.seen + seen, "checked": EventSample.checked + sample.kept[kind], "last_at": now}
        if not session.execute(update(EventSample).where(EventSample.id == key).values(more)).rowcount:  # type: ignore[attr-defined]  # of an update it has one
            if _full(session, EventSample):
                continue
            session.add(
                EventSample(
                    id=key, source=kind.source, type=kind.type, seen=seen, checked=sample.kept[kind],
                    first_at=now, last_at=now,
                )
            )  # fmt: skip
            session.flush()
    for one in faults:
        latest = {"last_at": now, "trace_id": one.trace_id, "example": one.example}
        added = update(EventFault).where(EventFault.id == one.id).values(count=EventFault.count + one.count, **latest)
        if not session.execute(added).rowcount and not _full(session, EventFault):  # type: ignore[attr-defined]  # as above
            session.add(
                EventFault(
                    id=one.id, kind=one.kind, source=one.who.source, type=one.who.type,
                    subject=one.fitting.subject if one.fitting else None,
                    version=one.fitting.version if one.fitting else None,
                    path=one.path, rule=one.rule, sentence=one.sentence, count=one.count, first_at=now, **latest,
                )
            )  # fmt: skip
            session.flush()


def _full(session: Session, table: type[EventFault | EventSample]) -> bool:
    return (session.scalar(select(func.count()).select_from(table)) or 0) >= MOST_ROWS


def forget(session: Session, now: datetime) -> None:
    """Let go of what did not happen for a while."""
    for table in (EventFault, EventSample):
        session.execute(delete(table).where(table.last_at < now - KEPT))


def event_findings(session: Session, now: datetime) -> list[Finding]:
    """What is known, in words. An event's type that nobody registered is its own thing, since nothing declares it."""
    recent = now - KEPT
    rows = session.scalars(select(EventFault).where(EventFault.last_at >= recent)).all()
    if not rows:
        return []
    samples = {
        (one.source, one.type): one for one in session.scalars(select(EventSample).where(EventSample.last_at >= recent))
    }
    named = {row.subject for row in rows if row.subject is not None}
    subjects = session.scalars(select(SchemaSubject).where(SchemaSubject.name.in_(named)))
    owners = {one.name: one.owner for one in subjects}
    systems = list(read.every(session, SystemManifest))
    by_system = {one.name: one for one in systems}
    found = []
    for row in rows:
        system = by_system.get(system_of(row.source, systems) or "")
        found.append(_finding(row, samples.get((row.source, row.type)), owners, system))
    return found


def _finding(
    row: EventFault, sample: EventSample | None, owners: Mapping[str, str | None], system: SystemManifest | None
) -> Finding:
    seen = Seen(row.count, row.first_at, row.last_at, (row.trace_id,), row.example)
    looked = "" if sample is None else f"; {_share(sample)}"
    if row.subject is None:
        owner = system.metadata.owner if system else None
        return Finding(
            row.kind,
            "warning",
            "Event",
            row.type,
            f"source {row.source} sends it and no schema is registered for it{looked}",
            owner,
            f"Register a schema for its data with the label event-type: {row.type}, or let the sender name one as dataschema",
            seen,
        )
    return Finding(
        row.kind,
        "warning",
        "Schema",
        row.subject,
        f"events {row.type} of {row.source} don't fit version {row.version}: {row.path} {row.sentence}{looked}",
        owners.get(row.subject),
        "Let the sender mend its events, or propose a version of the schema that allows them",
        seen,
    )


def _share(sample: EventSample) -> str:
    """How many were looked at, without which the count of faults would say little."""
    share = 100 * sample.checked / sample.seen if sample.seen else 100.0
    return f"{sample.checked:,} of {sample.seen:,} such events were looked at ({share:.3g} %)"
