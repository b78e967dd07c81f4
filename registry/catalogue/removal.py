"""Removing what is declared: what goes, what still needs it, and making it so. Its history stays."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.find import effects
from registry.catalogue.models import Resource, ResourceRevision
from registry.kinds.base import Finding, Manifest
from registry.kinds.find import manifest_kinds
from registry.manifests.parse import Located
from registry.manifests.problems import Problem

Key = tuple[str, str]
"""Kind and name."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes, as history keeps it."""

    kind: str
    name: str
    document: dict[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the catalogue: what is of one of the kinds, has one of the owners and all of the labels.

    What is empty narrows nothing, but a scope names something, so that nobody removes everything by leaving a word out.
    """

    kinds: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.kinds or self.owners or self.labels):
            raise ValueError("say what to prune: a kind, an owner or a label")

    def holds(self, kind: str, owner: str | None, labels: Mapping[str, str]) -> bool:
        """Whether something lies within it."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.owners or owner in self.owners)
            and all(labels.get(name) == value for name, value in self.labels.items())
        )


def candidates(session: Session, scope: Scope, keep: Collection[Key]) -> tuple[Removal, ...]:
    """What lies within a scope and is not among what is kept, by kind and name."""
    query = select(Resource.kind, Resource.name, Resource.owner, Resource.labels).order_by(Resource.kind, Resource.name)
    found = [
        (kind, name)
        for kind, name, owner, labels in session.execute(query)
        if (kind, name) not in keep and scope.holds(kind, owner, labels)
    ]
    return tuple(removal for kind, name in found if (removal := one(session, kind, name)) is not None)


def one(session: Session, kind: str, name: str) -> Removal | None:
    """The removal of one thing; None if it does not exist."""
    row = read.resource(session, kind, name)
    return None if row is None else Removal(kind, name, read.manifest_of(row).as_record(), row.revision)


def needed(session: Session, removed: Sequence[Removal], manifests: Iterable[Located] = ()) -> Iterator[Problem]:
    """Why something can't go: what stays names it, be it stored or among what comes in."""
    gone = {(removal.kind, removal.name) for removal in removed}
    coming = {(located.manifest.kind, located.manifest.name): located for located in manifests}
    for located in coming.values() if gone else ():
        for reference in located.manifest.references():
            if (reference.kind, reference.name) in gone:
                yield located.problem(
                    Finding(reference.path, _sentence(located.manifest, reference.kind, reference.name))
                )
    for manifest, key in dependants(session, gone):
        if (manifest.kind, manifest.name) not in gone | coming.keys():
            yield Problem(_sentence(manifest, *key))


def _sentence(manifest: Manifest, kind: str, name: str) -> str:
    return f"{kind} {name!r} can't be removed: {manifest.kind} {manifest.name!r} names it; change that first"


def dependants(session: Session, keys: Collection[Key]) -> Iterator[tuple[Manifest, Key]]:
    """Everything stored that names one of these, with which; by kind and name, each pair once."""
    owners = {name for kind, name in keys if kind == "Team"}
    for kind in manifest_kinds().values() if keys else ():
        # Most of some kinds are long documents that name nothing but their owner.
        if kind.references is not Manifest.references:
            found: Iterable[Manifest] = read.every(session, kind)
        else:
            query = select(Resource).where(
                Resource.kind == kind.model_fields["kind"].default, Resource.owner.in_(owners)
            )
            found = (read.manifest_of(row) for row in session.scalars(query.order_by(Resource.name))) if owners else ()
        for manifest in found:
            named = dict.fromkeys((reference.kind, reference.name) for reference in manifest.references())
            yield from ((manifest, key) for key in named if key in keys)


def remove(session: Session, removed: Iterable[Removal], *, actor: str, now: datetime, reason: str | None) -> None:
    """Take out what goes, with a last revision and an audit entry each. The caller holds the lock and has checked."""
    for removal in removed:
        key = (Resource.kind == removal.kind, Resource.name == removal.name)
        session.execute(delete(Resource).where(*key))
        if effect := effects().get(removal.kind):
            effect.removed(session, removal.name)
        session.add(
            ResourceRevision(
                kind=removal.kind, name=removal.name, revision=removal.revision + 1, document=None, at=now, by=actor
            )
        )
        chain.record(
            session,
            actor=actor,
            action="delete",
            kind=removal.kind,
            name=removal.name,
            now=now,
            before=removal.document,
            reason=reason,
        )
