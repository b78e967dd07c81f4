"""What a subject's new document would break: a question to the compatibility engine about what is registered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from registry.compat.engine import check
from registry.compat.model import Change, DocumentError, Format, Mode, Options, Report
from registry.compat.source_map import read_document
from registry.kinds.schema import Referred, SchemaManifest
from registry.schemas import versions
from registry.schemas.bundling.bundle import bundle
from registry.schemas.bundling.protobuf import check_types
from registry.schemas.references import IN_JSON, Find, Known, referred
from registry.schemas.validity.check import check_size, check_valid

# An error of one document alone need not say which of the two it is.
_WHICH = re.compile(r"\bthe (?:old|new) ")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A document that may become a version.

    ``whole`` is the text with all that it refers to, ``imports`` what stands in files that it imports, by their names.
    """

    text: str
    whole: str
    imports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """What others rely on under a name: documents in use, oldest first, the one in force last.

    Each stands there with all that it refers to; ``imports`` are those of the one in force.
    """

    subject: str
    format: Format
    mode: Mode
    documents: Sequence[str]
    imports: Mapping[str, str] = field(default_factory=dict)


def registered(session: Session, manifest: SchemaManifest) -> Registered:
    """What a change of a subject must leave right."""
    of, mode = Format(manifest.spec.format), manifest.spec.mode
    current = versions.in_force(session, manifest)
    if current is None:
        return Registered(manifest.name, of, mode, ())
    earlier = versions.numbers(session, manifest.name) if mode.transitive else []
    find = finder(session)
    wanted = [*(number for number in earlier if number != current.version), current.version]
    parts = [one for number in wanted if (one := find(manifest.name, number)) is not None]
    texts = [bundle(of, one.text, one.references, find) for one in parts]
    return Registered(manifest.name, of, mode, texts, _imports(of, parts[-1].references, find))


def finder(session: Session) -> Find:
    """Looks versions up among those that are registered."""
    return lambda subject, version: versions.known(session, subject, version)


def propose(of: Format, text: str, references: Sequence[Referred], find: Find, today: date) -> Proposed:
    """Read a document, hold it to its format's specification, and put it together with all that it refers to.

    Raises ``DocumentError``; ``path`` is "document".
    """
    check_size(text)
    try:
        named = referred(of, text, references)
        whole = bundle(of, text, named, find)
        check(of, whole, whole, mode=Mode.BACKWARD, options=Options(as_of=today))
        if of is Format.PROTOBUF:
            check_types(text, [part for one in named if (part := find(one.subject, one.version))], find)
    except DocumentError as error:
        raise DocumentError(
            _WHICH.sub("the ", error.message), line=error.line, column=error.column, path="document"
        ) from error
    check_valid(of, text)
    return Proposed(text, whole, _imports(of, named, find))


def _imports(of: Format, references: Sequence[Referred], find: Find) -> dict[str, str]:
    if of is not Format.PROTOBUF:
        return {}
    found = {one.name: find(one.subject, one.version) for one in references}
    return {name: part.text for name, part in found.items() if part is not None}


def judge(registered: Registered, proposed: Proposed, today: date, *, witnesses: bool = True) -> Report:
    """What the change from what is registered to a new document does, by the subject's own mode.

    Raises ``DocumentError``: the two can't be compared.
    """
    if not registered.documents:
        return Report(registered.format, registered.mode, ())
    options = Options(as_of=today, witnesses=witnesses)
    report = check(registered.format, registered.documents, proposed.whole, mode=registered.mode, options=options)
    changes = [*_at_own_lines(report.changes, registered.format, proposed), *_through(registered, proposed, options)]
    return replace(report, changes=tuple(changes))


def _at_own_lines(changes: Sequence[Change], of: Format, proposed: Proposed) -> Iterator[Change]:
    """A document that was put together has other lines than its author's."""
    if proposed.whole is proposed.text or of not in {*IN_JSON, Format.AVRO}:
        yield from changes
        return
    document = read_document(proposed.text, "new")
    for change in changes:
        line = document.line(change.new_path) if change.new_path and change.new_path.startswith("/") else None
        yield replace(change, new_line=line, old_line=None)


def _through(registered: Registered, proposed: Proposed, options: Options) -> Iterator[Change]:
    """What changes in files that both import, where the new document imports another version of them."""
    for name, text in proposed.imports.items():
        before = registered.imports.get(name)
        if before is not None and before != text:
            for change in check(registered.format, before, text, mode=registered.mode, options=options).changes:
                message = f"In the imported {name}: {change.message}"
                yield replace(change, message=message, path=f"{name}: {change.path}", new_line=None, old_line=None)


def known_of(manifest: SchemaManifest) -> Known:
    """A document that comes in, as what others may refer to. Raises ``DocumentError``."""
    spec, of = manifest.spec, Format(manifest.spec.format)
    return Known(of, spec.text, referred(of, spec.text, spec.references))
