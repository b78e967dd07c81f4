"""Asking for a waiver: the same as applying its manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.catalogue.apply import apply
from registry.kinds.base import API_VERSION
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.waivers.service import standing
from registry.waivers.standing import Standing


def request(
    session: Session,
    *,
    actor: str,
    now: datetime,
    subject: str,
    fingerprints: Sequence[str],
    reason: str,
    expires: str,
    name: str | None = None,
    ticket: str | None = None,
) -> Standing:
    """Ask for one; whoever asks can't be the one who approves. Raises ``ManifestError``."""
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
    apply(
        session, parse_manifests([SourceText("", json.dumps(manifest).encode())]), actor=actor, now=now, reason=reason
    )
    (found,) = standing(session, name=named)
    return found


def name_for(subject: str, fingerprints: Sequence[str]) -> str:
    """A name for what has none: equal wishes have equal names, so that asking twice is asking once."""
    digest = hashlib.sha256(" ".join(sorted(fingerprints)).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{subject[:88].rstrip('-')}-{digest}"
