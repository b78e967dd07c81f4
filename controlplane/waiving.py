"""Asking for waivers and deciding about them, for REST and pages alike."""

from __future__ import annotations

from collections.abc import Sequence

from controlplane.state import AppState
from registry.access.roles import Principal
from registry.waivers import asking, service
from registry.waivers.standing import Decision, Standing, in_order


def standing(state: AppState, subject: str | None = None) -> list[Standing]:
    """All waivers, or a subject's: what waits first, then what ends soonest, what is over last."""
    with state.database.reading() as session:
        return in_order(service.standing(session, subject=subject), state.clock().date())


def one(state: AppState, name: str) -> Standing | None:
    """The waiver of that name."""
    with state.database.reading() as session:
        found = service.standing(session, name=name)
    return found[0] if found else None


def request(
    state: AppState,
    who: Principal,
    *,
    subject: str,
    fingerprints: Sequence[str],
    reason: str,
    expires: str,
    name: str | None = None,
    ticket: str | None = None,
) -> Standing:
    """Ask for a waiver; the same as applying its manifest. Raises ``ManifestError``."""
    with state.database.writing() as session:
        found = asking.request(
            session,
            actor=who.name,
            now=state.clock(),
            subject=subject,
            fingerprints=fingerprints,
            reason=reason,
            expires=expires,
            name=name,
            ticket=ticket,
        )
    state.applied(frozenset({"Waiver"}))
    return found


def decide(state: AppState, who: Principal, name: str, decision: Decision, comment: str | None) -> Standing:
    """Approve, refuse or withdraw. Raises ``WaiverError``."""
    with state.database.writing() as session:
        return service.decide(session, name, decision, actor=who.name, now=state.clock(), comment=comment or None)
