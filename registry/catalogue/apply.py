"""Applying manifests: what would change, and making it so."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from registry.audit import chain
from registry.catalogue import house, read, removal
from registry.catalogue.conflict import ConflictError
from registry.catalogue.export import annotated, comments_of
from registry.catalogue.find import effects
from registry.catalogue.models import Resource, ResourceRevision
from registry.catalogue.removal import Removal, Scope
from registry.kinds.base import Finding, Manifest, Reference
from registry.kinds.find import manifest_kinds
from registry.manifests.comments import Comments
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
    text: str | None = None
    """The manifest with people's comments, where it has any; ``text_before`` likewise."""
    text_before: str | None = None
    revision: int = 0
    """Of what it replaces."""


@dataclass(frozen=True)
class Plan:
    """What applying some manifests does, each list in the order in which they came.

    ``warnings`` name what is not there yet and can do without, and what should be looked at.
    """

    created: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    warnings: tuple[Problem, ...] = ()
    removed: tuple[Removal, ...] = ()

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of which something is new, different or gone."""
        changed = {change.manifest.kind for change in self.created + self.changed}
        return frozenset(changed | {removal.kind for removal in self.removed})

    @cached_property
    def token(self) -> str:
        """A text that is another one as soon as the same manifests would change something else."""
        rows = [(change.manifest.kind, change.manifest.name, change.revision) for change in self.created + self.changed]
        rows += [(removal.kind, removal.name, -removal.revision) for removal in self.removed]
        return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:32]


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


def plan(session: Session, manifests: Sequence[Located], *, today: date, prune: Scope | None = None) -> Plan:
    """What ``apply`` would do; ``today`` decides what a date in a document means.

    ``prune`` is the part of the catalogue of which nothing is to be left but these manifests. Raises ``ManifestError``
    where manifests name what is not there, don't fit others, break who relies on them or need what would be removed.
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
    standing = read.standing(session, shelf.incoming)
    for located in manifests:
        manifest = located.manifest
        before = shelf.before(manifest.kind, manifest.name)
        revision, text_before = standing.get((manifest.kind, manifest.name), (0, None))
        text = _commented(located, text_before)
        same = before == manifest and text == text_before
        target = created if before is None else unchanged if same else changed
        was, recorded = (before.as_document(), before.as_record()) if before else (None, None)
        target.append(Change(manifest, was, recorded, text, text_before, revision))
    removed = removal.candidates(session, prune, shelf.incoming) if prune else ()
    if problems := [*removal.needed(session, removed, manifests)]:
        raise ManifestError(problems)
    if problems := [*_objections(shelf, manifests, today)]:
        raise ManifestError(problems)
    pairs = [(shelf.before(one.manifest.kind, one.manifest.name), one) for one in manifests]
    said = [*house.said(session, [(before, one) for before, one in pairs if before != one.manifest], today)]
    if problems := [one.problem for one in said if one.binds]:
        raise ManifestError(problems)
    warnings = [problem for reference, problem in missing if not reference.required]
    warnings += [problem for binds, problem in left if not binds]
    warnings += [located.problem(finding) for located in manifests for finding in located.manifest.remarks(shelf)]
    warnings += [one.problem for one in said]
    return Plan(tuple(created), tuple(changed), tuple(unchanged), tuple(warnings), removed)


def apply(
    session: Session,
    manifests: Sequence[Located],
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
    prune: Scope | None = None,
    expected: str | None = None,
) -> Plan:
    """Store what is new or different, with a revision and an audit entry each; what is the same leaves no trace.

    Applying twice does nothing the second time. ``expected`` is the token of the plan that was agreed to. Raises
    ``ManifestError`` or ``ConflictError`` before anything is stored.
    """
    chain.lock(session)
    planned = plan(session, manifests, today=now.date(), prune=prune)
    if expected is not None and expected != planned.token:
        raise ConflictError("someone else changed the catalogue meanwhile; look at what would change now")
    changes = planned.created + planned.changed
    rows = [_store(session, change, actor, now) for change in changes]
    session.flush()  # revisions point at rows
    for change, row in zip(changes, rows, strict=True):
        document = change.manifest.as_record()
        session.add(
            ResourceRevision(
                kind=row.kind,
                name=row.name,
                revision=row.revision,
                document=document,
                # A record that leaves something out is no manifest with comments any more.
                text=row.text if document == change.manifest.as_document() else None,
                at=now,
                by=actor,
            ),
        )
        chain.record(
            session,
            actor=actor,
            action=_action(change, document),
            kind=change.manifest.kind,
            name=change.manifest.name,
            now=now,
            before=change.recorded,
            after=document,
            reason=reason,
        )
        if effect := effects().get(change.manifest.kind):
            effect.applied(session, change.manifest, actor, now)
    removal.remove(session, planned.removed, actor=actor, now=now, reason=reason)
    return planned


def _action(change: Change, document: dict[str, Any]) -> str:
    if change.before is None:
        return "create"
    return "comment" if change.recorded == document and change.text != change.text_before else "update"


def _commented(located: Located, stored: str | None) -> str | None:
    """The manifest with its comments, or with those that are stored where its language has none."""
    comments = located.document.comments
    if comments is None:
        comments = comments_of(stored) if stored else Comments()
    return annotated(located.manifest.as_document(), comments) if comments else None


def _store(session: Session, change: Change, actor: str, now: datetime) -> Resource:
    manifest = change.manifest
    row = read.resource(session, manifest.kind, manifest.name) if change.before else None
    if row is None:
        # What comes back goes on counting where it was removed.
        last = read.last_revision(session, manifest.kind, manifest.name)
        row = Resource(kind=manifest.kind, name=manifest.name, revision=last, created_at=now, created_by=actor)
        session.add(row)
    row.title, row.owner = manifest.metadata.title, manifest.metadata.owner
    row.labels, row.spec = dict(manifest.metadata.labels), manifest.as_document()["spec"]
    row.text = change.text
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
