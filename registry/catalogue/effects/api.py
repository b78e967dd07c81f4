"""APIs: their versions go through their stages in order."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.kinds.api import APIManifest
from registry.kinds.base import Finding, Lookup, Manifest
from registry.lifecycle import transitions

KIND = "API"


def objections(
    _session: Session, before: Manifest | None, manifest: Manifest, today: date, _others: Lookup
) -> Iterator[Finding]:
    """Stages that don't follow from those before."""
    if isinstance(manifest, APIManifest):
        was = before.spec if isinstance(before, APIManifest) else None
        for finding in transitions.objections(was, manifest.spec, today):
            yield Finding(("spec", *finding.path), finding.message)


def applied(_session: Session, manifest: Manifest, actor: str, now: datetime) -> None:
    """Nothing follows beyond the row."""


def removed(_session: Session, _name: str) -> None:
    """Nothing goes with the row."""
