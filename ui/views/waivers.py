"""What the pages about waivers show. Times are in nanoseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from registry.manifests.problems import ManifestError
from registry.waivers.standing import Standing
from ui import words
from ui.views.evaluations import nanoseconds

_STATES = {
    "requested": "pending",
    "approved": "met",
    "expired": "overdue",
    "refused": "breached",
    "withdrawn": "cancelled",
}
_HEADINGS = {
    "requested": "Waiting for a second person",
    "approved": "In force",
    "over": "Over",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A waiver as pages show it."""

    name: str
    href: str
    subject: str
    state: str
    said: str
    reason: str
    ticket: str
    expires: str
    soon: str
    requested_by: str
    requested_at: int
    decided_by: str
    decided_at: int | None
    comment: str
    fingerprints: Sequence[str]
    actions: Sequence[tuple[str, str]] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The waivers of one heading."""

    name: str
    heading: str
    rows: Sequence[Row]


def href(name: str) -> str:
    """The address of a waiver."""
    return f"/reviews/waivers/{quote(name, safe='')}"


def answer(waivers: Sequence[Standing], today: date) -> str:
    """The sentence that the list begins with."""
    if not waivers:
        return "Nothing is let pass."
    counts = {state: sum(one.state(today) == state for one in waivers) for state in _STATES}
    soon = sum(one.state(today) == "approved" and one.ends_soon(today) for one in waivers)
    force, waiting = counts["approved"], counts["requested"]
    said = f"{words.quantity(force, 'waiver')} {words.verb(force, 'is', 'are')} in force"
    said += f", {'for' if force == 1 else f'{soon} of them for'} no more than two weeks" if soon else ""
    return f"{said}; {words.quantity(waiting, 'wish')} {words.verb(waiting, 'waits', 'wait')} for a second person."


def parts(waivers: Sequence[Standing], today: date) -> list[Part]:
    """By how they stand."""
    found: dict[str, list[Row]] = {name: [] for name in _HEADINGS}
    for one in waivers:
        state = one.state(today)
        found[state if state in found else "over"].append(row(one, today))
    return [Part(name, heading, found[name]) for name, heading in _HEADINGS.items() if found[name]]


def row(one: Standing, today: date) -> Row:
    """One of them."""
    state = one.state(today)
    left = one.days_left(today)
    soon = f"in {words.quantity(left, 'day')}" if one.ends_soon(today) else ""
    return Row(
        name=one.name,
        href=href(one.name),
        subject=one.subject,
        state=_STATES[state],
        said=state,
        reason=one.reason,
        ticket=one.ticket or "",
        expires=one.expires.isoformat(),
        soon=soon,
        requested_by=one.requested_by,
        requested_at=nanoseconds(one.requested_at),
        decided_by=one.decided_by or "",
        decided_at=nanoseconds(one.decided_at) if one.decided_at else None,
        comment=one.comment or "",
        fingerprints=sorted(one.fingerprints),
    )


def detail(one: Standing, today: date, person: str, *, may_decide: bool, why_not: str | None = None) -> Row:
    """One with what this person may do about it; ``why_not``: why asker and person don't count as two."""
    shown = row(one, today)
    state = one.state(today)
    actions: list[tuple[str, str]] = []
    hint = ""
    if may_decide and state == "requested":
        if one.requested_by == person:
            hint = "You asked for it, so somebody else has to approve it."
        elif why_not is not None:
            hint = f"Somebody else has to approve it: {why_not}."
        else:
            actions.append(("approval", "Approve"))
        actions.append(("refusal", "Refuse"))
    if may_decide and state in {"requested", "approved"}:
        actions.append(("withdrawal", "Withdraw"))
    names = {name: getattr(shown, name) for name in Row.__slots__}
    return Row(**names | {"actions": actions, "hint": hint})


def refusal(error: ManifestError) -> str:
    """Why a wish was not taken, in one sentence."""
    return "; ".join(problem.message for problem in error.problems[:3])
