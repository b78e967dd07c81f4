"""Operations whose announced end has come (``x-sunset``) while their version lives on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collectors.usage.gone import LateCalls
from policies.drift.documents import read
from policies.drift.operations import PARAMETER, Document, Operation, called, documented, http, message
from policies.lifecycle.incidents import MOST_LETTERS
from registry.compat.model import Format
from registry.kinds.api import APIManifest
from registry.schemas import versions
from registry.schemas.models import SchemaOperation, SchemaSubject
from registry.schemas.operations import DESCRIBING


@dataclass(frozen=True, slots=True)
class Ended:
    """A version of an API whose document has operations that ended: each with the moment of its end."""

    version: str
    document: Document
    since: Mapping[Operation, datetime] = field(default_factory=dict)

    def of(self, name: str) -> Operation | None:
        """The ended operation that a call's name tells; none where it is of another one, or can't be told."""
        kinds = {one.kind for one in self.since}
        for kind in kinds:
            call = called(name, kind)
            found = [] if call is None else [one for _, one in documented(call, [self.document])]
            # Of /orders/{id} and /orders/latest the one counts that says more.
            best = min(found, key=lambda one: one.segments.count(PARAMETER), default=None)
            if best is not None and best in self.since:
                return best
        return None


def ended(session: Session, api: APIManifest, today: date) -> list[Ended]:
    """By version; those of versions that are retired as a whole are left out."""
    found = []
    for version in api.spec.versions:
        if version.schema_ is None or version.lifecycle == "retired":
            continue
        row = session.get(SchemaSubject, version.schema_)
        if row is None or row.current is None or Format(row.format) not in DESCRIBING:
            continue
        of = Format(row.format)
        since = _since(session, version.schema_, of, today)
        # Only where something has ended need the document be read, which may be long.
        document = versions.one(session, version.schema_, row.current) if since else None
        if document is not None:
            found.append(Ended(version.version, read(version.schema_, of, document.text), since))
    return found


def _since(session: Session, subject: str, of: Format, today: date) -> dict[Operation, datetime]:
    query = select(SchemaOperation).where(SchemaOperation.subject == subject, SchemaOperation.sunset.is_not(None))
    found: dict[Operation, datetime] = {}
    for one in session.scalars(query.order_by(SchemaOperation.position)):
        end = _day(one.sunset)
        if end is None or end > today or (of is Format.OPENAPI and not one.address.startswith("/")):
            continue
        operation = http(one.action, one.address) if of is Format.OPENAPI else message(one.address)
        found[operation] = datetime(end.year, end.month, end.day, tzinfo=UTC)
    return found


def _day(sunset: str | None) -> date | None:
    try:
        return date.fromisoformat((sunset or "")[:10])
    except ValueError:
        return None


def calls_of(ended_: Ended, calls: Iterable[LateCalls], since: datetime) -> dict[Operation, list[LateCalls]]:
    """The calls of each operation that ended at that moment; one caller's names of one operation are one."""
    found: dict[Operation, dict[str, LateCalls]] = {}
    for one in calls:
        operation = ended_.of(one.operations[0]) if one.version == ended_.version and one.operations else None
        if operation is None or ended_.since[operation] != since:
            continue
        of = found.setdefault(operation, {})
        of[one.service] = _both(of[one.service], one) if one.service in of else one
    return {operation: list(by.values()) for operation, by in found.items()}


def named(operation: Operation) -> str:
    """An operation as an incident names it."""
    return str(operation)[:MOST_LETTERS]


def moments(found: Sequence[Ended]) -> list[datetime]:
    """When operations ended, each moment once."""
    return sorted({at for one in found for at in one.since.values()})


def _both(one: LateCalls, other: LateCalls) -> LateCalls:
    newer, older = (one, other) if one.last_at >= other.last_at else (other, one)
    return LateCalls(
        service=one.service,
        version=one.version,
        calls=one.calls + other.calls,
        first_at=min(one.first_at, other.first_at),
        last_at=newer.last_at,
        operations=tuple(sorted({*one.operations, *other.operations})),
        traces=tuple(dict.fromkeys([*newer.traces, *older.traces]))[: len(newer.traces) or None],
    )
