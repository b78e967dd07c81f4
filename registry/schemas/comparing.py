"""What changed between two registered versions, with all that each refers to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from registry.compat.engine import check
from registry.compat.model import DocumentError, Format, Mode, Options, Report
from registry.compat.source_map import read_document
from registry.schemas import versions
from registry.schemas.bundling.bundle import bundle
from registry.schemas.judge import finder
from registry.schemas.models import SchemaVersion
from registry.schemas.references import IN_JSON

Line = Callable[[str | None], int | None]


def compared(
    session: Session,
    old: SchemaVersion,
    new: SchemaVersion,
    mode: Mode,
    today: date,
    shown: Callable[[str], str] = lambda text: text,
) -> Report:
    """Judge the change by a mode. ``shown`` gives the text whose lines count, where that is not the document's own.

    Raises ``DocumentError``: the two can't be compared.
    """
    of = Format(new.format)
    find = finder(session)
    wholes = [bundle(of, row.text, versions.references(session, row.subject, row.version), find) for row in (old, new)]
    report = check(of, *wholes, mode=mode, options=Options(as_of=today))
    if of not in {*IN_JSON, Format.AVRO} or not report.changes:
        return report
    texts = [shown(row.text) for row in (old, new)]
    if wholes == texts:
        return report
    old_line, new_line = map(_lines, texts)
    changes = [
        replace(change, old_line=old_line(change.old_path), new_line=new_line(change.new_path))
        for change in report.changes
    ]
    return replace(report, changes=tuple(changes))


def _lines(text: str) -> Line:
    try:
        document = read_document(text, "new")
    except DocumentError:
        return lambda _pointer: None
    return lambda pointer: document.line(pointer) if pointer is not None and pointer.startswith("/") else None
