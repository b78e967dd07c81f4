"""Whether a waiver counts for a finding. Pure; the day and the level are arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from registry.compat.waivers import AHEAD_DAYS, counts_on, ends

Decision = Literal["approved", "refused", "withdrawn"]
State = Literal["requested", "approved", "refused", "withdrawn", "expired"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiver with what was decided about it as it is now."""

    name: str
    subject: str
    fingerprints: frozenset[str]
    reason: str
    expires: date
    ticket: str | None
    requested_by: str
    requested_at: datetime
    decision: Decision | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    comment: str | None = None

    def state(self, today: date) -> State:
        """How it stands on a day."""
        if self.decision in {"refused", "withdrawn"}:
            return self.decision
        if not counts_on(self.expires, today):
            return "expired"
        return self.decision or "requested"

    def days_left(self, today: date) -> int:
        """Days until its last one; negative once that is over."""
        return (self.expires - today).days

    def ends_soon(self, today: date) -> bool:
        """Whether it counts now but not for much longer."""
        return self.state(today) in {"requested", "approved"} and self.days_left(today) <= AHEAD_DAYS

    def sentence(self, today: date) -> str:
        """What an answer says of it."""
        agreed = f", approved by {self.decided_by}" if self.decision == "approved" else ""
        until = ends(self.expires, today)
        return f"waived until {until} by {self.name}, requested by {self.requested_by}{agreed}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the waivers say of one finding: the one by which it passes, or a remark on why none lets it."""

    used: Standing | None = None
    remark: str = ""


def covering(waivers: Iterable[Standing], subject: str, fingerprint: str, *, denies: bool, today: date) -> Answer:
    """Whether a finding is let pass. What would deny passes only when a second person agreed."""
    found = [one for one in waivers if one.subject == subject and fingerprint in one.fingerprints]
    wanted = {"approved"} if denies else {"approved", "requested"}
    good = [one for one in found if one.state(today) in wanted]
    if good:
        return Answer(max(good, key=lambda one: (one.expires, one.name)))
    if not found:
        return Answer()
    last = max(found, key=lambda one: (one.state(today) == "requested", one.expires, one.name))
    return Answer(remark=_why_not(last, last.state(today)))


def _why_not(waiver: Standing, state: State) -> str:
    if state == "requested":
        return f"Waiver {waiver.name}, requested by {waiver.requested_by}, waits for a second person to approve it."
    if state == "expired":
        return f"Waiver {waiver.name} expired on {waiver.expires}."
    return f"Waiver {waiver.name} was {state} by {waiver.decided_by}."


def in_order(waivers: Iterable[Standing], today: date) -> list[Standing]:
    """What waits first, then what ends soonest, what is over last."""
    order: tuple[State, ...] = ("requested", "approved", "expired", "refused", "withdrawn")
    return sorted(waivers, key=lambda one: (order.index(one.state(today)), one.expires, one.name))
