"""Subjects and versions as this door sees them: drafts are not there yet, what is disabled counts as deleted."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from controlplane.http.ccompat.documents import FORMATS
from controlplane.http.ccompat.errors import (
    INVALID_VERSION,
    SCHEMA_NOT_FOUND,
    VERSION_NOT_FOUND,
    DoorError,
    no_subject,
)
from registry.catalogue.schema_changes import declared
from registry.kinds.schema import SchemaManifest
from registry.schemas import subjects, versions
from registry.schemas.models import SchemaContent, SchemaSubject, SchemaVersion
from registry.schemas.versions import IN_USE, State

_WITH_DELETED: frozenset[State] = IN_USE | {"disabled"}
_HIGHEST = 2**31 - 1


def names(session: Session, *, prefix: str = "", deleted: bool = False) -> list[str]:
    """The subjects that there are, by name."""
    query = select(SchemaSubject.alias).where(SchemaSubject.format.in_(FORMATS)).order_by(SchemaSubject.alias)
    if prefix:
        query = query.where(SchemaSubject.alias.startswith(prefix, autoescape=True))
    if not deleted:
        query = query.where(SchemaSubject.current.is_not(None))
    return [*session.scalars(query)]


def subject(session: Session, alias: str, *, deleted: bool = False) -> SchemaSubject:
    """One subject. Raises ``DoorError`` 40401."""
    row = subjects.by_alias(session, alias) if alias.isprintable() else None
    if row is None or row.format not in FORMATS or (row.current is None and not (deleted and _numbers(session, row))):
        raise no_subject(alias)
    return row


def _numbers(session: Session, row: SchemaSubject) -> list[int]:
    return versions.numbers(session, row.name, _WITH_DELETED)


def numbers(session: Session, row: SchemaSubject, *, deleted: bool = False) -> Sequence[int]:
    """The versions of a subject, oldest first."""
    return versions.numbers(session, row.name, _WITH_DELETED if deleted else IN_USE)


def version(session: Session, alias: str, number: str, *, deleted: bool = False) -> SchemaVersion:
    """One version by its number, or "latest" (or -1) for the one in force. Raises ``DoorError`` 40401, 40402, 42202."""
    row = subject(session, alias, deleted=deleted)
    wanted = _latest(session, row, deleted=deleted) if number in {"latest", "-1"} else _number(number)
    found = versions.one(session, row.name, wanted)
    states = _WITH_DELETED if deleted else IN_USE
    if found is None or versions.state(session, row.name, wanted) not in states:
        raise DoorError(VERSION_NOT_FOUND, f"Version {number} not found.")
    return found


def _latest(session: Session, row: SchemaSubject, *, deleted: bool) -> int:
    return row.current or max(numbers(session, row, deleted=deleted), default=0)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= _HIGHEST):
        sentence = f"The specified version '{text[:40]}' is not a valid version id; it is a number from 1, or latest"
        raise DoorError(INVALID_VERSION, sentence)
    return int(text)


def by_id(session: Session, number: int) -> Sequence[SchemaVersion]:
    """Every version that has a content, the first to be registered first. Raises ``DoorError`` 40403."""
    if not 0 < number <= _HIGHEST:
        raise DoorError(SCHEMA_NOT_FOUND, f"Schema {number} not found")
    digest = select(SchemaContent.hash).where(SchemaContent.id == number).scalar_subquery()
    return _with(session, SchemaVersion.hash == digest, f"Schema {number} not found")


def by_guid(session: Session, digits: str) -> Sequence[SchemaVersion]:
    """The same by the first 32 digits of the content's hash."""
    # A range, so that the index serves; "g" comes after every hexadecimal digit.
    between = and_(SchemaVersion.hash >= digits, SchemaVersion.hash < f"{digits}g")
    return _with(session, between, f"Schema {digits} not found")


def _with(session: Session, condition: ColumnElement[bool], sentence: str) -> Sequence[SchemaVersion]:
    query = select(SchemaVersion).where(condition, SchemaVersion.format.in_(FORMATS))
    found = session.scalars(query.order_by(SchemaVersion.created_at, SchemaVersion.subject)).all()
    if not found:
        raise DoorError(SCHEMA_NOT_FOUND, sentence)
    return found


def manifest(session: Session, row: SchemaSubject) -> SchemaManifest:
    """What is declared of a subject."""
    found = declared(session, row.name)
    if found is None:
        raise no_subject(row.alias)
    return found
