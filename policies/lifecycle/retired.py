"""Since when versions are retired: as their manifest says, or else since the revision that first said so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from registry.catalogue import read
from registry.kinds.api import APIManifest, Version


def retired_since(session: Session, api: APIManifest) -> dict[str, datetime]:
    """Version -> the moment from which it was to be called no more, for those that are retired."""
    gone = [one for one in api.spec.versions if one.lifecycle == "retired"]
    dated = {one.version: _midnight(one) for one in gone if one.dates.retired is not None}
    undated = {one.version for one in gone} - dated.keys()
    if not undated:
        return dated
    return dated | _first_said(undated, session, api.name)


def _first_said(versions: set[str], session: Session, api: str) -> dict[str, datetime]:
    """The oldest of the latest revisions in a row that have a version as retired."""
    found: dict[str, datetime] = {}
    open_ = set(versions)
    for revision in read.revisions(session, "API", api):
        said = _stages(revision.document)
        open_ = {version for version in open_ if said.get(version) == "retired"}
        found |= dict.fromkeys(open_, revision.at)
        if not open_:
            break
    return found


def _stages(document: object) -> dict[str, str]:
    spec = document.get("spec") if isinstance(document, dict) else None
    rows: Iterable[object] = spec.get("versions", ()) if isinstance(spec, dict) else ()
    return {str(row.get("version")): str(row.get("lifecycle")) for row in rows if isinstance(row, dict)}


def _midnight(version: Version) -> datetime:
    day = version.dates.retired
    if day is None:
        raise AssertionError("asked for the date of a version that has none")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
