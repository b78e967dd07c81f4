"""Changing one schema at a time, as people and clients do who send no manifests: each change is an apply all the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.apply import Plan, apply
from registry.kinds.base import Manifest, Metadata
from registry.kinds.schema import Referred, SchemaManifest, SchemaSpec
from registry.manifests.parse import Located
from registry.manifests.tree import Document
from registry.schemas import states, subjects, versions
from registry.schemas.versions import State


def store(session: Session, manifest: Manifest, *, actor: str, now: datetime, reason: str | None = None) -> Plan:
    """Apply one manifest. Raises ``ManifestError``."""
    located = Located(manifest, Document(manifest.as_document(), "", {}), 0)
    return apply(session, [located], actor=actor, now=now, reason=reason)


def renewed(manifest: SchemaManifest, **spec: Any) -> SchemaManifest:
    """The manifest with other values in its spec, checked anew. Raises pydantic's ``ValidationError``."""
    said = {name: getattr(manifest.spec, name) for name in manifest.spec.model_fields_set} | spec
    return SchemaManifest(metadata=manifest.metadata, spec=SchemaSpec(**said))


def created(name: str, title: str | None, **spec: Any) -> SchemaManifest:
    """A manifest of a schema that nobody has declared. Raises pydantic's ``ValidationError``."""
    return SchemaManifest(metadata=Metadata(name=name, title=title), spec=SchemaSpec(**spec))


def register(
    session: Session,
    manifest: SchemaManifest,
    text: str,
    *,
    actor: str,
    now: datetime,
    draft: bool = False,
    references: Sequence[Referred] | None = None,
    reason: str | None = None,
) -> int:
    """Put a document in the place of a subject's present one; its version. Raises ``ManifestError``."""
    changed: dict[str, Any] = {"definition": text, "file": None, "state": "draft" if draft else "active"}
    if references is not None:
        changed["references"] = tuple(references)
    new = renewed(manifest, **changed)
    found = versions.of_manifest(session, new)
    if (
        found is None
        or versions.state(session, new.name, found.version) != "active"
        or _moves(session, new, found.version)
    ):
        store(session, new, actor=actor, now=now, reason=reason)
        found = versions.of_manifest(session, new)
    if found is None:
        raise AssertionError("what was applied is registered")
    return found.version


def _moves(session: Session, manifest: SchemaManifest, version: int) -> bool:
    current = versions.in_force(session, manifest)
    return current is None or current.version != version


def set_state(
    session: Session,
    manifest: SchemaManifest,
    version: int,
    state: State,
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Put a version into a state; whether it was in another one. A draft that is published comes into force.

    Raises ``StateError``, and ``ManifestError`` for a draft that would break what others rely on.
    """
    chain.lock(session)
    before = states.check_change(session, manifest.name, version, state)
    row = versions.one(session, manifest.name, version)
    if before == "draft" and state == "active" and row is not None:
        # What the text refers to in our own notation need not be declared.
        named = [one for one in versions.references(session, manifest.name, version) if not _ours(one)]
        new = renewed(manifest, definition=row.text, file=None, state="active", references=tuple(named))
        store(session, new, actor=actor, now=now, reason=reason)
        return True
    changed = states.change(session, manifest.name, version, state, actor=actor, now=now, reason=reason)
    if changed:
        subjects.follow(session, manifest, now)
    return changed


def _ours(one: Referred) -> bool:
    return one.name == f"controlplane:{one.subject}/{one.version}"


def declared(session: Session, name: str) -> SchemaManifest | None:
    """The manifest of a schema."""
    found = read.get(session, "Schema", name)
    return found if isinstance(found, SchemaManifest) else None
