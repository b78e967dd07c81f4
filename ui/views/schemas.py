"""What the pages about schemas show, from plain values. Times are in nanoseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from registry.compat.model import Change, Level, Report
from ui import urls, words

#: Heading by level, worst first.
_HEADINGS = {Level.BREAKING: "Breaks someone", Level.WARNING: "May surprise someone", Level.INFO: "Other changes"}
_STATES = {Level.BREAKING: "breached", Level.WARNING: "overdue", Level.INFO: "met"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One change: its rule with the way to what it means, where, what, and what to do."""

    rule: str
    href: str
    path: str
    message: str
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one level."""

    heading: str
    state: str
    changes: Sequence[Shown]


def schema(name: str, to: int | None = None) -> str:
    """The address of a schema's page, the changes up to a version chosen."""
    return urls.with_query(f"/schemas/{quote(name, safe='')}", {"to": to})


def listing(query: str | None = None, after: str | None = None) -> str:
    """The address of the list."""
    return urls.with_query("/schemas", {"q": query, "after": after})


def rule(form: str, name: str) -> str:
    """The address of a rule's explanation."""
    return f"/rules/{quote(form, safe='')}/{quote(name, safe='')}"


def sections(report: Report) -> list[Section]:
    """The changes of a report by how much they hurt, worst first."""
    return [
        Section(heading, _STATES[level], [_shown(report, change) for change in report.changes if change.level is level])
        for level, heading in _HEADINGS.items()
        if any(change.level is level for change in report.changes)
    ]


def _shown(report: Report, change: Change) -> Shown:
    note = change.waived or (change.hint if change.level is not Level.INFO else "")
    return Shown(change.rule, rule(report.format.value, change.rule), change.path, change.message, note)


def answer(current: int | None, report: Report | None, old: int, new: int) -> str:
    """The sentence that the page begins with."""
    standing = f"Version {current} is in force." if current else "No version is in force."
    if report is None:
        return f"{standing} It is the first, so nothing has changed yet."
    if not report.changes:
        return f"{standing} From version {old} to {new} nothing changed that matters."
    total = len(report.changes)
    hurt = sum(change.level is Level.BREAKING for change in report.changes)
    found = f"{standing} From version {old} to {new} there {words.verb(total, 'is', 'are')} {words.quantity(total, 'change')}"
    if total == 1:
        return f"{found}, and it breaks {'someone' if hurt else 'nobody'}."
    if not hurt:
        return f"{found}, none of which breaks anyone."
    return f"{found}, of which {hurt} {words.verb(hurt, 'breaks', 'break')} someone."
