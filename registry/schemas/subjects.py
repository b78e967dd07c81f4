"""Subjects and operations in lists, without their documents; and keeping those lists up with the documents."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.compat.model import Format
from registry.kinds.schema import SchemaManifest
from registry.schemas import versions
from registry.schemas.models import SchemaOperation, SchemaSubject
from registry.schemas.operations import DESCRIBING, Operation, described


def follow(session: Session, manifest: SchemaManifest, now: datetime) -> None:
    """Let the lists say what is so after a manifest was applied or a version's state changed."""
    count, current = versions.latest(session, manifest.name), _in_force(session, manifest)
    row = session.get(SchemaSubject, manifest.name)
    read_before = row is not None and row.current == current
    if row is None:
        row = SchemaSubject(name=manifest.name)
    spec, metadata = manifest.spec, manifest.metadata
    row.alias, row.title, row.owner = spec.subject or manifest.name, metadata.title, metadata.owner
    row.format, row.compatibility = spec.format, spec.compatibility
    row.versions, row.current, row.updated_at = count, current, now
    if not read_before:
        _read(session, row)
    words = (row.name, row.alias, row.title, row.owner, row.described)
    row.search = "\n".join(dict.fromkeys(word.lower() for word in words if word))
    session.add(row)
    session.flush()


def _in_force(session: Session, manifest: SchemaManifest) -> int | None:
    """The manifest's own version if it is in use, or else the newest that is."""
    own = versions.of_manifest(session, manifest)
    if own is not None and versions.state(session, own.subject, own.version) in versions.IN_USE:
        return own.version
    return max(versions.numbers(session, manifest.name), default=None)


def _read(session: Session, row: SchemaSubject) -> None:
    """Write down what the document in force describes."""
    session.execute(delete(SchemaOperation).where(SchemaOperation.subject == row.name))
    row.described = row.described_version = None
    version = versions.one(session, row.name, row.current) if row.current else None
    if version is None or version.format not in DESCRIBING:
        return
    found = described(Format(version.format), version.text)
    row.described = found.title
    row.described_version = found.version[:100] if found.version else None
    if found.operations:
        rows = [_row(one, row.name, version.version, place) for place, one in enumerate(found.operations)]
        session.execute(insert(SchemaOperation), rows)


def _row(one: Operation, subject: str, version: int, position: int) -> dict[str, object]:
    words = (one.action, one.address, one.operation_id, one.summary)
    return {
        "subject": subject,
        "position": position,
        "version": version,
        "action": one.action,
        "address": one.address,
        "operation_id": one.operation_id,
        "summary": one.summary,
        "deprecated": one.deprecated,
        "sunset": one.sunset,
        "security": list(one.security),
        "pointer": one.pointer,
        "search": " ".join(word for word in words if word).lower(),
    }


def forget(session: Session, name: str) -> None:
    """Take a subject out of the lists."""
    for table in (SchemaOperation.subject, SchemaSubject.name):
        session.execute(delete(table.class_).where(table == name))


def get(session: Session, name: str) -> SchemaSubject | None:
    """One subject as lists show it."""
    return session.get(SchemaSubject, name)


def by_alias(session: Session, alias: str) -> SchemaSubject | None:
    """The subject that Confluent's clients know by a name."""
    return session.scalars(select(SchemaSubject).where(SchemaSubject.alias == alias)).one_or_none()


def page(
    session: Session,
    *,
    search: str | None = None,
    format: str | None = None,  # noqa: A002  the field's own name
    owner: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[SchemaSubject]:
    """Subjects by name, at most ``limit``, from behind the name ``after``; every word of ``search`` is in their names."""
    query = select(SchemaSubject).where(*_words(SchemaSubject.search, search))
    for column, value in ((SchemaSubject.format, format), (SchemaSubject.owner, owner)):
        if value:
            query = query.where(column == value)
    if after is not None:
        query = query.where(SchemaSubject.name > after)
    return session.scalars(query.order_by(SchemaSubject.name).limit(limit)).all()


def count(session: Session) -> int:
    """How many subjects there are."""
    return session.scalar(select(func.count()).select_from(SchemaSubject)) or 0


def operations(
    session: Session,
    *,
    subject: str | None = None,
    search: str | None = None,
    deprecated: bool | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> Sequence[SchemaOperation]:
    """Operations of documents in force by subject and place, at most ``limit``, from behind (subject, position)."""
    query = select(SchemaOperation).where(*_words(SchemaOperation.search, search))
    if subject is not None:
        query = query.where(SchemaOperation.subject == subject)
    if deprecated is not None:
        query = query.where(SchemaOperation.deprecated.is_(deprecated))
    if after is not None:
        name, position = after
        behind = (SchemaOperation.subject == name) & (SchemaOperation.position > position)
        query = query.where(or_(SchemaOperation.subject > name, behind))
    return session.scalars(query.order_by(SchemaOperation.subject, SchemaOperation.position).limit(limit)).all()


def operation_count(session: Session, subject: str) -> int:
    """How many operations the document in force has."""
    query = select(func.count()).select_from(SchemaOperation).where(SchemaOperation.subject == subject)
    return session.scalar(query) or 0


def _words(column: InstrumentedAttribute[str], search: str | None) -> list[ColumnElement[bool]]:
    return [column.contains(word, autoescape=True) for word in (search or "").lower().split()[:10]]
