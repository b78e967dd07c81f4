"""A schema's document must be right, refer to what is registered and keep its subject's promise; then it is a version."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.compat.json_lines import json_lines
from registry.compat.model import Change, DocumentError, Format, Level
from registry.compat.source_map import unescape
from registry.kinds.base import Finding, Lookup, Manifest, Path
from registry.kinds.schema import SchemaManifest
from registry.manifests.problems import ManifestError, Problem
from registry.manifests.tree import MAX_PROBLEMS
from registry.schemas import states, subjects, versions
from registry.schemas.judge import finder, judge, known_of, propose, registered
from registry.schemas.models import SchemaVersion
from registry.schemas.references import Find, Known
from registry.waivers.service import standing
from registry.waivers.standing import covering

KIND = "Schema"
_PLACE: Path = ("spec", "definition")


def objections(
    session: Session, before: Manifest | None, manifest: Manifest, today: date, others: Lookup
) -> Iterator[Finding]:
    """A document that is not right, another format than before, a state it can't have, each change that breaks someone."""
    if not isinstance(manifest, SchemaManifest):
        return
    spec = manifest.spec
    was = before.spec if isinstance(before, SchemaManifest) else None
    yield from _alias_taken(session, manifest)
    if was is not None and was.format != spec.format:
        sentence = f"schema {manifest.name!r} is kept in {was.format}; declare another one for {spec.format}"
        yield Finding(("spec", "format"), sentence)
        return
    if was is not None and (was.text, was.references, was.state) == (spec.text, spec.references, spec.state):
        return
    find = _finder(session, others)
    try:
        proposed = propose(Format(spec.format), spec.text, spec.references, find, today)
        version = versions.of_manifest(session, manifest)
        yield from _refused(session, manifest, version)
        yield from _disabled(session, manifest)
        if spec.state == "active":
            report = judge(registered(session, manifest), proposed, today)
            breaking = [one for one in report.changes if one.level is Level.BREAKING]
            yield from _broken(manifest, _not_waived(session, manifest.name, breaking, today))
    except DocumentError as error:
        yield _unreadable(manifest, error)


def _not_waived(session: Session, subject: str, breaking: list[Change], today: date) -> list[Change]:
    """The changes that no waiver with two names lets pass."""
    waivers = standing(session, subject=subject) if breaking else []
    return [
        one for one in breaking if covering(waivers, subject, one.fingerprint, denies=True, today=today).used is None
    ]


def applied(session: Session, manifest: Manifest, actor: str, now: datetime) -> None:
    """Register the document's version, publish it if it was a draft, and let the lists follow."""
    if not isinstance(manifest, SchemaManifest):
        return
    if problems := [Problem(finding.message) for finding in _alias_taken(session, manifest)]:
        raise ManifestError(problems)  # by another one of the same apply
    number = versions.register(session, manifest, actor=actor, now=now)
    if manifest.spec.state == "active" and versions.state(session, manifest.name, number) == "draft":
        states.change(session, manifest.name, number, "active", actor=actor, now=now)
    subjects.follow(session, manifest, now)


def removed(session: Session, name: str) -> None:
    """Take it out of the lists; its versions stay, and go on counting if it comes back."""
    subjects.forget(session, name)


def _alias_taken(session: Session, manifest: SchemaManifest) -> Iterator[Finding]:
    alias = manifest.spec.subject or manifest.name
    other = subjects.by_alias(session, alias)
    if other is not None and other.name != manifest.name:
        place: Path = ("spec", "subject") if manifest.spec.subject else ("metadata", "name")
        yield Finding(place, f"the subject {alias!r} is that of schema {other.name!r} already")


def _finder(session: Session, others: Lookup) -> Find:
    """Looks among what is registered, then among what comes in the same apply and will get that number."""
    stored = finder(session)

    def find(subject: str, version: int) -> Known | None:
        if (found := stored(subject, version)) is not None:
            return found
        coming = others.get(KIND, subject)
        if not isinstance(coming, SchemaManifest) or version != versions.latest(session, subject) + 1:
            return None
        return known_of(coming) if versions.of_manifest(session, coming) is None else None

    return find


def _refused(session: Session, manifest: SchemaManifest, version: SchemaVersion | None) -> Iterator[Finding]:
    """A document that was registered before, in a state from which the manifest can't take it."""
    if version is None:
        return
    state = versions.state(session, manifest.name, version.version)
    if state == "disabled":
        sentence = f"this document is version {version.version} of {manifest.name}, which is disabled; enable it first"
        yield Finding(_PLACE, sentence)
    elif manifest.spec.state == "draft" and state != "draft":
        sentence = (
            f"this document is version {version.version} of {manifest.name} and {state}; it can't be a draft again"
        )
        yield Finding(("spec", "state"), sentence)


def _disabled(session: Session, manifest: SchemaManifest) -> Iterator[Finding]:
    """References to versions that are there but must not be used any more, or may still change their minds."""
    for position, one in enumerate(manifest.spec.references):
        if versions.one(session, one.subject, one.version) is None:
            continue
        state = versions.state(session, one.subject, one.version)
        if state == "disabled" or (state == "draft" and manifest.spec.state == "active"):
            sentence = f"version {one.version} of {one.subject} is {'a draft' if state == 'draft' else state}"
            yield Finding(("spec", "references", position, "version"), sentence)


def _broken(manifest: SchemaManifest, breaking: list[Change]) -> Iterator[Finding]:
    for change in breaking[:MAX_PROBLEMS]:
        yield Finding(_place(manifest, change.new_path or change.path), _sentence(manifest, change))
    if hidden := len(breaking[MAX_PROBLEMS:]):
        yield Finding(_PLACE, f"and {hidden:,} more breaking changes")


def _sentence(manifest: SchemaManifest, change: Change) -> str:
    line = f"line {change.new_line}: " if change.new_line and isinstance(manifest.spec.definition, str) else ""
    message = f"{line}{change.message} {change.hint}".rstrip()
    sentence = f"schema {manifest.name!r} would break {manifest.spec.mode} compatibility: {change.rule}: {message}"
    return f"{sentence} (fingerprint {change.fingerprint})"


def _unreadable(manifest: SchemaManifest, error: DocumentError) -> Finding:
    if isinstance(manifest.spec.definition, str):
        line = f"line {error.line}: " if error.line is not None else ""
        return Finding(_PLACE, f"schema {manifest.name!r}: {line}{error.message}")
    return Finding(_place(manifest, _pointer(manifest.spec.text, error.line)), error.message)


def _pointer(text: str, line: int | None) -> str:
    """The JSON Pointer of what starts at a line of JSON that was written with a line for each key."""
    return max((pointer for pointer, at in json_lines(text).items() if at == line), key=len, default="")


def _place(manifest: SchemaManifest, pointer: str) -> Path:
    """Where a pointer into the document stands in the manifest; text is one value there."""
    if isinstance(manifest.spec.definition, str) or not pointer.startswith("/"):
        return _PLACE
    return (*_PLACE, *(int(part) if part.isdecimal() else unescape(part) for part in pointer[1:].split("/")))
