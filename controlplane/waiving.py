"""Asking for waivers and deciding about them, for REST and pages alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from controlplane.state import AppState
from registry.access.roles import Principal
from registry.catalogue.apply import apply
from registry.kinds.base import API_VERSION
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.waivers import service
from registry.waivers.standing import Decision, Standing


def standing(state: AppState, subject: str | None = None) -> list[Standing]:
    """All waivers, or a subject's: what waits first, then what ends soonest, what is over last."""
    today = state.clock().date()
    order = ("requested", "approved", "expired", "refused", "withdrawn")
    with state.database.reading() as session:
        found = service.standing(session, subject=subject)
    return sorted(found, key=lambda one: (order.index(one.state(today)), one.expires, one.name))


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
    spec: dict[str, Any] = {
        "subject": subject,
        "fingerprints": list(fingerprints),
        "reason": reason,
        "expires": expires,
    }
    if ticket:
        spec["ticket"] = ticket
    named = name or name_for(subject, fingerprints)
    manifest = {"apiVersion": API_VERSION, "kind": "Waiver", "metadata": {"name": named}, "spec": spec}
    manifests = parse_manifests([SourceText("", json.dumps(manifest).encode())])
    with state.database.writing() as session:
        apply(session, manifests, actor=who.name, now=state.clock(), reason=reason)
        (found,) = service.standing(session, name=named)
    state.applied(frozenset({"Waiver"}))
    return found


def name_for(subject: str, fingerprints: Sequence[str]) -> str:
    """A name for what has none: equal wishes have equal names, so that asking twice is asking once."""
    digest = hashlib.sha256(" ".join(sorted(fingerprints)).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{subject[:88].rstrip('-')}-{digest}"


def decide(state: AppState, who: Principal, name: str, decision: Decision, comment: str | None) -> Standing:
    """Approve, refuse or withdraw. Raises ``WaiverError``."""
    with state.database.writing() as session:
        return service.decide(session, name, decision, actor=who.name, now=state.clock(), comment=comment or None)
