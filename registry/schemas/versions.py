"""Registering versions and reading them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.kinds.schema import SchemaManifest
from registry.schemas.models import SchemaVersion


def content_hash(text: str) -> str:
    """What tells one document from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def register(session: Session, manifest: SchemaManifest, *, actor: str, now: datetime) -> int:
    """The version of a subject's document: the one that it had before, or else the next.

    The caller holds the lock that lets only one apply happen at a time.
    """
    found = in_force(session, manifest)
    if found is not None:
        return found.version
    version = latest(session, manifest.name) + 1
    session.add(
        SchemaVersion(
            subject=manifest.name,
            version=version,
            format=manifest.spec.format,
            hash=content_hash(manifest.spec.text),
            text=manifest.spec.text,
            created_at=now,
            created_by=actor,
        ),
    )
    session.flush()
    return version


def in_force(session: Session, manifest: SchemaManifest) -> SchemaVersion | None:
    """The version that a manifest's document is; none if it is not registered."""
    digest = content_hash(manifest.spec.text)
    query = select(SchemaVersion).where(SchemaVersion.subject == manifest.name, SchemaVersion.hash == digest)
    return session.scalars(query).one_or_none()


def one(session: Session, subject: str, version: int) -> SchemaVersion | None:
    """One version."""
    return session.get(SchemaVersion, (subject, version))


def texts(session: Session, subject: str) -> Sequence[str]:
    """The documents of all versions, oldest first."""
    query = select(SchemaVersion.text).where(SchemaVersion.subject == subject).order_by(SchemaVersion.version)
    return session.scalars(query).all()


def latest(session: Session, subject: str) -> int:
    """The highest version; 0 where there is none."""
    return session.scalar(select(func.max(SchemaVersion.version)).where(SchemaVersion.subject == subject)) or 0


def page(session: Session, subject: str, *, before: int | None = None, limit: int = 50) -> Sequence[SchemaVersion]:
    """Versions, newest first, at most ``limit``, from below the version ``before``."""
    query = select(SchemaVersion).where(SchemaVersion.subject == subject)
    if before is not None:
        query = query.where(SchemaVersion.version < before)
    return session.scalars(query.order_by(SchemaVersion.version.desc()).limit(limit)).all()
