"""Registering at this door: the subject's schema changes as by an apply, or is declared by it."""

from datetime import datetime

from sqlalchemy.orm import Session

from controlplane.http.ccompat.documents import SchemaIn, referred, taken
from controlplane.http.ccompat.errors import INVALID_SCHEMA, DoorError, no_subject
from controlplane.http.ccompat.naming import name_for
from registry.audit import chain
from registry.catalogue import read, schema_changes
from registry.compat.model import Format
from registry.kinds.base import Shape
from registry.kinds.schema import ALIAS, Referred
from registry.schemas import defaults, subjects, versions
from registry.schemas.models import SchemaVersion


def register(session: Session, subject: str, body: SchemaIn, *, actor: str, now: datetime) -> SchemaVersion:
    """The version that a schema is or becomes. Raises ``DoorError``, ``DocumentError``, ``ManifestError``."""
    of, text = taken(body)
    chain.lock(session)
    references = referred(session, body)
    row = subjects.by_alias(session, subject)
    if row is None:
        name, number = _declare(session, subject, of, text, references, actor=actor, now=now), 1
    else:
        manifest = schema_changes.declared(session, row.name)
        if manifest is None:
            raise no_subject(subject)
        if manifest.spec.format != of:
            raise DoorError(INVALID_SCHEMA, f"{subject} is kept in {manifest.spec.format}, not in {of}")
        name = row.name
        number = schema_changes.register(session, manifest, text, actor=actor, now=now, references=references)
    found = versions.one(session, name, number)
    if found is None:
        raise AssertionError("what was registered can be read")
    return found


def _declare(
    session: Session,
    subject: str,
    of: Format,
    text: str,
    references: tuple[Referred, ...],
    *,
    actor: str,
    now: datetime,
) -> str:
    """Declare a schema that nobody owns yet, which the catalogue's findings say."""
    _check(subject, ALIAS)
    name = name_for(subject, lambda name: read.resource(session, "Schema", name) is not None)
    spec = {"format": of.value, "definition": text, "references": references}
    if name != subject:
        spec["subject"] = subject
    if (mode := defaults.compatibility(session, subject)) != defaults.USUAL:
        spec["compatibility"] = mode
    title = subject if name != subject else None
    schema_changes.store(session, schema_changes.created(name, title, **spec), actor=actor, now=now)
    defaults.set_compatibility(session, subject, None)
    return name


def _check(subject: str, shape: Shape) -> None:
    try:
        shape(subject)
    except ValueError as error:
        raise DoorError(INVALID_SCHEMA, f"the subject {subject[:200]!r} {error}") from None
