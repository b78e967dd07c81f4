"""Incidents as pages show them. Pure; times are in nanoseconds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from policies.lifecycle.incidents import STANDING
from policies.lifecycle.models import Incident
from ui import words
from ui.views.evaluations import nanoseconds

_LOOKS = {"open": "breached", "acknowledged": "overdue", "resolved": "met", "closed": "cancelled"}
_HEADINGS = {"standing": "Still called", "over": "Over"}
_SAID = {"open": "open", "acknowledged": "looked after", "resolved": "resolved", "closed": "quiet, closed"}


@dataclass(frozen=True, slots=True)
class Row:
    """An incident. ``actions`` are what this person may do: the last part of the address, the button, whether a reason is needed."""

    id: str
    href: str
    api: str
    version: str
    operation: str
    caller: str
    state: str
    said: str
    calls: int
    first_call: int
    last_call: int
    retired_at: int
    opened_at: int
    operations: Sequence[str]
    traces: Sequence[str]
    teams: Sequence[str]
    changed_at: int
    changed_by: str
    comment: str
    actions: Sequence[tuple[str, str, bool]] = ()


def href(ident: str) -> str:
    """The address of an incident."""
    return f"/reviews/incidents/{quote(ident, safe='')}"


def answer(found: Sequence[Incident]) -> str:
    """The sentence that the list begins with."""
    if not found:
        return "Nothing that is retired was seen being called."
    standing = [one for one in found if one.state in STANDING]
    if not standing:
        return "Nothing that is retired is called any more."
    versions = {(one.api, one.version, one.operation) for one in standing}
    callers = {one.caller for one in standing}
    untouched = sum(one.state == "open" for one in standing)
    said = f"{_what(versions)} still called, by {words.quantity(len(callers), 'caller')}"
    return said + (
        f"; nobody looks after {untouched:,} of {len(standing):,} yet." if untouched else "; all are looked after."
    )


def _what(found: Collection[tuple[str, str, str | None]]) -> str:
    """What is called, with its verb."""
    count, operations = len(found), sum(operation is not None for _, _, operation in found)
    if 0 < operations < count:
        return f"{count:,} retired versions and operations are"
    noun = "operation that ended" if operations else "retired version"
    if operations and count > 1:
        return f"{count:,} operations that ended are"
    return f"{words.quantity(count, noun)} {words.verb(count, 'is', 'are')}"


def parts(found: Sequence[Incident]) -> list[tuple[str, str, list[Row]]]:
    """By whether they still stand."""
    rows: dict[str, list[Row]] = {name: [] for name in _HEADINGS}
    for one in found:
        rows["standing" if one.state in STANDING else "over"].append(row(one))
    return [(name, heading, rows[name]) for name, heading in _HEADINGS.items() if rows[name]]


def row(one: Incident, *, may_write: bool = False) -> Row:
    """One of them, with what may be done about it."""
    actions: list[tuple[str, str, bool]] = []
    if may_write and one.state == "open":
        actions.append(("acknowledgement", "Look after it", False))
    if may_write and one.state in STANDING:
        actions.append(("resolution", "It is over", True))
    return Row(
        id=one.id,
        href=href(one.id),
        api=one.api,
        version=one.version,
        operation=one.operation or "",
        caller=one.caller,
        state=_LOOKS[one.state],
        said=_SAID[one.state],
        calls=one.calls,
        first_call=nanoseconds(one.first_call),
        last_call=nanoseconds(one.last_call),
        retired_at=nanoseconds(one.retired_at),
        opened_at=nanoseconds(one.opened_at),
        operations=one.operations,
        traces=one.traces,
        teams=one.teams,
        changed_at=nanoseconds(one.changed_at),
        changed_by=one.changed_by,
        comment=one.comment or "",
        actions=actions,
    )
