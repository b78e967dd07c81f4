"""A webhook is told what happens from its first manifest on, and has its place in the audit log."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.kinds.base import Finding, Lookup, Manifest
from registry.webhooks import service

KIND = "Webhook"


def objections(
    _session: Session, _before: Manifest | None, _manifest: Manifest, _today: date, _others: Lookup
) -> Iterator[Finding]:
    """Nothing speaks against one beyond its shape."""
    return iter(())


def applied(session: Session, manifest: Manifest, actor: str, now: datetime) -> None:
    """It stands at the end of the log."""
    service.begin(session, manifest.name, actor, now)


def removed(session: Session, name: str) -> None:
    """Its place, its secret and its log of deliveries go with it."""
    service.end(session, name)
