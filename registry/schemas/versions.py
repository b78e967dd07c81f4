"""Registering versions and reading them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.compat.model import Format
from registry.kinds.schema import Referred, SchemaManifest
from registry.schemas.content import content_hash
from registry.schemas.models import SchemaContent, SchemaReference, SchemaState, SchemaSubject, SchemaVersion
from registry.schemas.references import Known, referred

State = Literal["draft", "active", "deprecated", "disabled"]
STATES: tuple[State, ...] = get_args(State)
IN_USE: frozenset[State] = frozenset({"active", "deprecated"})
"""The states whose documents others rely on; a draft binds nobody yet, what is disabled nobody any more."""


def register(session: Session, manifest: SchemaManifest, *, actor: str, now: datetime) -> int:
    """The version of a subject's document: the one that it had before, or else the next.

    The caller holds the lock that lets only one apply happen at a time, and has found nothing that speaks against it.
    """
    spec, of = manifest.spec, Format(manifest.spec.format)
    references = referred(of, spec.text, spec.references)
    digest = content_hash(of, spec.text, references)
    found = with_hash(session, manifest.name, digest)
    if found is not None:
        return found.version
    version = latest(session, manifest.name) + 1
    if content_id(session, digest) is None:
        session.add(SchemaContent(hash=digest))
    session.add(
        SchemaVersion(
            subject=manifest.name,
            version=version,
            format=spec.format,
            hash=digest,
            text=spec.text,
            created_at=now,
            created_by=actor,
        ),
    )
    for one in references:
        session.add(
            SchemaReference(
                subject=manifest.name, version=version, name=one.name, to_subject=one.subject, to_version=one.version
            ),
        )
    if spec.state != "active":
        session.add(SchemaState(subject=manifest.name, version=version, state=spec.state, at=now, by=actor))
    session.flush()
    return version


def with_hash(session: Session, subject: str, digest: str) -> SchemaVersion | None:
    """The version of a subject that has a content."""
    query = select(SchemaVersion).where(SchemaVersion.subject == subject, SchemaVersion.hash == digest)
    return session.scalars(query).one_or_none()


def of_manifest(session: Session, manifest: SchemaManifest) -> SchemaVersion | None:
    """The version that a manifest's document is; none if it is not registered. Raises ``DocumentError``."""
    spec, of = manifest.spec, Format(manifest.spec.format)
    return with_hash(session, manifest.name, content_hash(of, spec.text, referred(of, spec.text, spec.references)))


def in_force(session: Session, manifest: SchemaManifest) -> SchemaVersion | None:
    """The version that others rely on at present; none while there are only drafts, or what is disabled."""
    subject = session.get(SchemaSubject, manifest.name)
    return None if subject is None or subject.current is None else one(session, manifest.name, subject.current)


def one(session: Session, subject: str, version: int) -> SchemaVersion | None:
    """One version."""
    return session.get(SchemaVersion, (subject, version))


def content_id(session: Session, digest: str) -> int | None:
    """The number of a content."""
    return session.scalar(select(SchemaContent.id).where(SchemaContent.hash == digest))


def references(session: Session, subject: str, version: int) -> tuple[Referred, ...]:
    """What a version refers to."""
    query = select(SchemaReference).where(SchemaReference.subject == subject, SchemaReference.version == version)
    rows = session.scalars(query.order_by(SchemaReference.name))
    return tuple(Referred(name=row.name, subject=row.to_subject, version=row.to_version) for row in rows)


def known(session: Session, subject: str, version: int) -> Known | None:
    """A version as what others may refer to."""
    row = one(session, subject, version)
    return None if row is None else Known(Format(row.format), row.text, references(session, subject, version))


def states(session: Session, subject: str, numbers: Collection[int] | None = None) -> dict[int, SchemaState]:
    """What is known of the states of a subject's versions (or of some); what is not in it is active."""
    query = select(SchemaState).where(SchemaState.subject == subject)
    if numbers is not None:
        query = query.where(SchemaState.version.in_(numbers))
    return {row.version: row for row in session.scalars(query)}


def state(session: Session, subject: str, version: int) -> State:
    """The state of one version."""
    row = session.get(SchemaState, (subject, version))
    return next(one for one in STATES if one == row.state) if row else "active"


def numbers(session: Session, subject: str, wanted: Iterable[State] = IN_USE) -> list[int]:
    """The versions in some states, oldest first."""
    every = session.scalars(
        select(SchemaVersion.version).where(SchemaVersion.subject == subject).order_by(SchemaVersion.version)
    )
    told, chosen = states(session, subject), frozenset(wanted)
    return [number for number in every if (told[number].state if number in told else "active") in chosen]


def latest(session: Session, subject: str) -> int:
    """The highest version; 0 where there is none."""
    return session.scalar(select(func.max(SchemaVersion.version)).where(SchemaVersion.subject == subject)) or 0


def page(session: Session, subject: str, *, before: int | None = None, limit: int = 50) -> Sequence[SchemaVersion]:
    """Versions, newest first, at most ``limit``, from below the version ``before``."""
    query = select(SchemaVersion).where(SchemaVersion.subject == subject)
    if before is not None:
        query = query.where(SchemaVersion.version < before)
    return session.scalars(query.order_by(SchemaVersion.version.desc()).limit(limit)).all()
