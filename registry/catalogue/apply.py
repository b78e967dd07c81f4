"""Applying manifests: what would change, and making it so."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from registry.audit import chain
from registry.catalogue import read
from registry.catalogue.find import effects
from registry.catalogue.models import Resource, ResourceRevision
from registry.kinds.base import Finding, Manifest, Reference
from registry.kinds.find import manifest_kinds
from registry.manifests.parse import MAX_PROBLEMS_IN_ALL, Located
from registry.manifests.problems import ManifestError, Problem
from registry.nearest import nearest
from registry.schemas import versions


@dataclass(frozen=True, slots=True)
class Change:
    """One manifest that comes in, and the document that it replaces (none if it is new)."""

    manifest: Manifest
    before: dict[str, Any] | None
    recorded: dict[str, Any] | None = None
    """What history kept of ``before``."""


@dataclass(frozen=True)
class Plan:
    """What applying some manifests does, each list in the order in which they came.

    ``warnings`` name what is not there yet and can do without, and what should be looked at.
    """

    created: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of which something is new or different."""
        return frozenset(change.manifest.kind for change in self.created + self.changed)


class _Shelf:
    """The catalogue as it will be: what comes in lies over what is stored."""

    def __init__(self, session: Session, incoming: Iterable[Manifest]) -> None:
        self.session = session
        self.incoming = {(manifest.kind, manifest.name): manifest for manifest in incoming}
        named = (reference for manifest in self.incoming.values() for reference in manifest.references())
        keys = self.incoming.keys() | {(reference.kind, reference.name) for reference in named}
        self.stored: dict[tuple[str, str], Manifest | None] = {**dict.fromkeys(keys), **read.several(session, keys)}
        self._names: dict[str, frozenset[str]] = {}

    def get(self, kind: str, name: str) -> Manifest | None:
        return self.incoming.get((kind, name)) or self.before(kind, name)

    def before(self, kind: str, name: str) -> Manifest | None:
        if (kind, name) not in self.stored:
            self.stored[kind, name] = read.get(self.session, kind, name)
        return self.stored[kind, name]

    def version(self, schema: str, number: int) -> str | None:
        found = versions.one(self.session, schema, number)
        return None if found is None else found.text

    def names(self, kind: str) -> frozenset[str]:
        if kind not in self._names:
            coming = {name for held, name in self.incoming if held == kind}
            self._names[kind] = frozenset(coming | read.names(self.session, kind))
        return self._names[kind]


def plan(session: Session, manifests: Sequence[Located], *, today: date) -> Plan:
    """What ``apply`` would do; ``today`` decides what a date in a document means.

    Raises ``ManifestError`` where manifests name what is not there, don't fit others or break who relies on them.
    """
    shelf = _Shelf(session, (located.manifest for located in manifests))
    missing = [*islice(_missing(shelf, manifests), MAX_PROBLEMS_IN_ALL)]
    required = [problem for reference, problem in missing if reference.required]
    left = [*_left_behind(shelf, manifests)]
    if problems := [*required, *_disagreements(shelf, manifests), *(problem for binds, problem in left if binds)]:
        raise ManifestError(problems)
    created: list[Change] = []
    changed: list[Change] = []
    unchanged: list[Change] = []
    for located in manifests:
        manifest = located.manifest
        before = shelf.before(manifest.kind, manifest.name)
        target = created if before is None else unchanged if before == manifest else changed
        was = (before.as_document(), before.as_record()) if before else (None, None)
        target.append(Change(manifest, *was))
    if problems := [*_objections(shelf, manifests, today)]:
        raise ManifestError(problems)
    warnings = [problem for reference, problem in missing if not reference.required]
    warnings += [problem for binds, problem in left if not binds]
    warnings += [located.problem(finding) for located in manifests for finding in located.manifest.remarks(shelf)]
    return Plan(tuple(created), tuple(changed), tuple(unchanged), tuple(warnings))


def apply(
    session: Session,
    manifests: Sequence[Located],
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> Plan:
    """Store what is new or different, with a revision and an audit entry each; what is the same leaves no trace.

    Applying twice does nothing the second time. Raises ``ManifestError`` before anything is stored.
    """
    chain.lock(session)
    planned = plan(session, manifests, today=now.date())
    changes = planned.created + planned.changed
    rows = [_store(session, change, actor, now) for change in changes]
    session.flush()  # revisions point at rows
    for change, row in zip(changes, rows, strict=True):
        document = change.manifest.as_record()
        session.add(
            ResourceRevision(kind=row.kind, name=row.name, revision=row.revision, document=document, at=now, by=actor),
        )
        chain.record(
            session,
            actor=actor,
            action="update" if change.before else "create",
            kind=change.manifest.kind,
            name=change.manifest.name,
            now=now,
            before=change.recorded,
            after=document,
            reason=reason,
        )
        if effect := effects().get(change.manifest.kind):
            effect.applied(session, change.manifest, actor, now)
    return planned


def _store(session: Session, change: Change, actor: str, now: datetime) -> Resource:
    manifest = change.manifest
    row = read.resource(session, manifest.kind, manifest.name) if change.before else None
    if row is None:
        row = Resource(kind=manifest.kind, name=manifest.name, revision=0, created_at=now, created_by=actor)
        session.add(row)
    row.title, row.owner = manifest.metadata.title, manifest.metadata.owner
    row.labels, row.spec = dict(manifest.metadata.labels), manifest.as_document()["spec"]
    row.revision, row.updated_at, row.updated_by = row.revision + 1, now, actor
    return row


def _missing(shelf: _Shelf, manifests: Iterable[Located]) -> Iterator[tuple[Reference, Problem]]:
    for located in manifests:
        for reference in located.manifest.references():
            if shelf.get(reference.kind, reference.name) is None:
                guess = nearest(reference.name, shelf.names(reference.kind))
                hint = f"did you mean {guess}?" if guess else "declare it too"
                sentence = f"there is no {reference.kind} {reference.name!r}; {hint}"
                yield reference, located.problem(Finding(reference.path, sentence))


def _disagreements(shelf: _Shelf, manifests: Iterable[Located]) -> Iterator[Problem]:
    for located in manifests:
        for finding in located.manifest.disagreements(shelf):
            yield located.problem(finding)


def _objections(shelf: _Shelf, manifests: Iterable[Located], today: date) -> Iterator[Problem]:
    """What speaks against manifests that are new or different, by their own kind's module of effects."""
    for located in manifests:
        manifest = located.manifest
        effect, before = effects().get(manifest.kind), shelf.before(manifest.kind, manifest.name)
        if effect is not None and before != manifest:
            for finding in effect.objections(shelf.session, before, manifest, today, shelf):
                yield located.problem(finding)


def _left_behind(shelf: _Shelf, manifests: Iterable[Located]) -> Iterator[tuple[bool, Problem]]:
    """Stored manifests that would no longer fit one that changes, and whether that forbids the change."""
    incoming = {(located.manifest.kind, located.manifest.name): located for located in manifests}
    for kind in manifest_kinds().values():
        if kind.disagreements is Manifest.disagreements:
            continue
        for stored in read.every(shelf.session, kind):
            if (stored.kind, stored.name) in incoming:
                continue
            # An owner may change as it likes; what is left is what the stored manifest is about.
            named = [(ref.kind, ref.name) for ref in stored.references() if ref.path != ("metadata", "owner")]
            causes = [incoming[key] for key in named if key in incoming]
            for finding in stored.disagreements(shelf) if causes else ():
                sentence = f"{stored.kind} {stored.name!r} would no longer fit: {finding.message}"
                yield stored.BINDS, causes[0].problem(Finding(("metadata", "name"), sentence))
