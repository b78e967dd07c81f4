"""Which teams an entry of the audit log concerns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.models import AuditEntry
from registry.catalogue import read
from registry.catalogue.models import Resource
from registry.kinds.waiver import WaiverManifest


def teams_of(session: Session, entry: AuditEntry) -> frozenset[str]:
    """The owner before, after and now; those that the entry names; the owner of the subject that it is about."""
    documents = [one for one in (entry.before, entry.after) if isinstance(one, dict)]
    found = {team for document in documents for team in _named(document)}
    subjects = {subject for document in documents for subject in _subjects(document)}
    if entry.kind == "Waiver" and isinstance(waiver := read.get(session, "Waiver", entry.name), WaiverManifest):
        subjects.add(waiver.spec.subject)  # a decision's entry holds its state alone
    query = select(Resource.kind, Resource.name, Resource.owner).where(
        Resource.name.in_(subjects | {entry.name}), Resource.owner.is_not(None)
    )
    for kind, name, owner in session.execute(query):
        # What only bears the name of the thing that changed is another thing.
        if owner is not None and (name in subjects or kind == entry.kind):
            found.add(owner)
    return frozenset(found)


def _named(document: dict[str, Any]) -> Iterator[str]:
    metadata, teams = document.get("metadata"), document.get("teams")
    if isinstance(metadata, dict) and isinstance(metadata.get("owner"), str):
        yield metadata["owner"]
    if isinstance(teams, list):
        yield from (team for team in teams if isinstance(team, str))


def _subjects(document: dict[str, Any]) -> Iterator[str]:
    """What a waiver, a review or the like is about."""
    for holder in (document, document.get("spec")):
        if isinstance(holder, dict) and isinstance(holder.get("subject"), str):
            yield holder["subject"]
