"""A schema's document must be readable and keep its subject's promise; then it becomes a version."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.compat.json_lines import json_lines
from registry.compat.model import Change, DocumentError, Format, Level
from registry.compat.source_map import unescape
from registry.kinds.base import Finding, Manifest, Path
from registry.kinds.schema import SchemaManifest
from registry.manifests.tree import MAX_PROBLEMS
from registry.schemas import versions
from registry.schemas.judge import Registered, in_order, judge, read

KIND = "Schema"
_PLACE: Path = ("spec", "definition")


def objections(session: Session, before: Manifest | None, manifest: Manifest, today: date) -> Iterator[Finding]:
    """A document that can't be read, another format than before, and each change that breaks someone."""
    if not isinstance(manifest, SchemaManifest):
        return
    spec = manifest.spec
    try:
        if not isinstance(before, SchemaManifest):
            read(Format(spec.format), spec.text, today)
        elif before.spec.format != spec.format:
            sentence = (
                f"schema {manifest.name!r} is kept in {before.spec.format}; declare another one for {spec.format}"
            )
            yield Finding(("spec", "format"), sentence)
        elif before.spec.text != spec.text:
            yield from _broken(session, before, manifest, today)
    except DocumentError as error:
        yield _unreadable(manifest, error)


def applied(session: Session, manifest: Manifest, actor: str, now: datetime) -> None:
    """Register the document's version."""
    if isinstance(manifest, SchemaManifest):
        versions.register(session, manifest, actor=actor, now=now)


def _broken(session: Session, before: SchemaManifest, manifest: SchemaManifest, today: date) -> Iterator[Finding]:
    spec = manifest.spec
    documents = versions.texts(session, manifest.name) if spec.mode.transitive else ()
    registered = Registered(manifest.name, Format(spec.format), spec.mode, in_order(documents, before.spec.text))
    breaking = [one for one in judge(registered, spec.text, today).changes if one.level is Level.BREAKING]
    for change in breaking[:MAX_PROBLEMS]:
        yield Finding(_place(manifest, change.new_path or change.path), _sentence(manifest, change))
    if hidden := len(breaking[MAX_PROBLEMS:]):
        yield Finding(_PLACE, f"and {hidden:,} more breaking changes")


def _sentence(manifest: SchemaManifest, change: Change) -> str:
    line = f"line {change.new_line}: " if change.new_line and isinstance(manifest.spec.definition, str) else ""
    message = f"{line}{change.message} {change.hint}".rstrip()
    return f"schema {manifest.name!r} would break {manifest.spec.mode} compatibility: {change.rule}: {message}"


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
