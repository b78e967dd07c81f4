"""What the pages about schemas show, from plain values. Times are in nanoseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from registry.compat.model import Change, Level, Report
from ui import urls, words

#: How a state looks and reads; what follows it, with the words of the button.
STATES = {"draft": "pending", "active": "met", "deprecated": "overdue", "disabled": "cancelled"}
BUTTONS = {"active": "Enable", "deprecated": "Deprecate", "disabled": "Disable"}
#: Heading by level, worst first.
_HEADINGS = {Level.BREAKING: "Breaks someone", Level.WARNING: "May surprise someone", Level.INFO: "Other changes"}
_STATES = {Level.BREAKING: "breached", Level.WARNING: "overdue", Level.INFO: "met"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One change: its rule with the way to what it means, where (with the lines in both versions), what, what to do."""

    rule: str
    href: str
    path: str
    message: str
    note: str
    old_line: int | None
    new_line: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one level."""

    heading: str
    state: str
    changes: Sequence[Shown]


PLACE = "/catalogue/schemas"


def schema(name: str) -> str:
    """The address of a schema's page."""
    return f"{PLACE}/{quote(name, safe='')}"


def version(name: str, number: int) -> str:
    """The address of one version's page."""
    return f"{schema(name)}/versions/{number}"


def comparison(name: str, old: int, new: int) -> str:
    """The address of what changed between two versions."""
    return urls.with_query(f"{schema(name)}/changes", {"from": old, "to": new})


def listing(query: str | None = None, form: str | None = None, after: str | None = None) -> str:
    """The address of the list."""
    return urls.with_query(PLACE, {"q": query, "format": form, "after": after})


def operations(
    query: str | None = None, schema: str | None = None, deprecated: str | None = None, after: str | None = None
) -> str:
    """The address of the list of operations; ``after`` is where it goes on."""
    parameters = {"q": query, "schema": schema, "deprecated": deprecated, "after": after}
    return urls.with_query("/catalogue/operations", parameters)


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
    return Shown(
        change.rule,
        rule(report.format.value, change.rule),
        change.path,
        change.message,
        note,
        change.old_line,
        change.new_line,
    )


def answer(current: int | None, drafts: Sequence[int] = (), users: int = 0) -> str:
    """The sentence that a schema's page begins with."""
    standing = f"Version {current} is in force" if current else "No version is in force"
    relied = f"; {words.quantity(users, 'other schema')} {words.verb(users, 'refers', 'refer')} to it" if users else ""
    waiting = ""
    if drafts:
        shown = ", ".join(map(str, drafts[:3])) + (" and more" if len(drafts) > 3 else "")  # noqa: PLR2004  as many as read well
        waiting = f" {words.verb(len(drafts), 'Version', 'Versions')} {shown} {words.verb(len(drafts), 'is a draft', 'are drafts')} and not published."
    return f"{standing}{relied}.{waiting}"


def changed(report: Report | None, old: int, new: int) -> str:
    """What changed between two versions, in a sentence."""
    if report is None:
        return "It is the first version, so nothing has changed yet."
    if not report.changes:
        return f"From version {old} to {new} nothing changed that matters."
    total = len(report.changes)
    hurt = sum(change.level is Level.BREAKING for change in report.changes)
    found = f"From version {old} to {new} there {words.verb(total, 'is', 'are')} {words.quantity(total, 'change')}"
    if total == 1:
        return f"{found}, and it breaks {'someone' if hurt else 'nobody'}."
    if not hurt:
        return f"{found}, none of which breaks anyone."
    return f"{found}, of which {hurt} {words.verb(hurt, 'breaks', 'break')} someone."
