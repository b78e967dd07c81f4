"""A waiver must have its end ahead, and not too far."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from registry.compat.waivers import counts_on
from registry.kinds.base import Finding, Lookup, Manifest
from registry.kinds.waiver import LONGEST_DAYS, WaiverManifest

KIND = "Waiver"
_PLACE = ("spec", "expires")


def objections(
    _session: Session, _before: Manifest | None, manifest: Manifest, today: date, _others: Lookup
) -> Iterator[Finding]:
    """An end that is over, or too far away."""
    if not isinstance(manifest, WaiverManifest):
        return
    expires, latest = manifest.spec.expires, today + timedelta(days=LONGEST_DAYS)
    if not counts_on(expires, today):
        yield Finding(_PLACE, f"a waiver can't end on {expires}, which is over")
    elif expires > latest:
        yield Finding(_PLACE, f"a waiver lasts {LONGEST_DAYS} days at most: until {latest}")


def applied(_session: Session, _manifest: Manifest, _actor: str, _now: datetime) -> None:
    """Nothing beyond its row: whoever applied it is who requested it, and a changed one is open again."""


def removed(_session: Session, _name: str) -> None:
    """Nothing goes with the row."""
