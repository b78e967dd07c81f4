"""The facts of one change, as policies ask for them; the types are those of ``registry.cel.facts``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from policies.gate.consumers import Relying
from policies.gate.usage import LOOK_BACK_DAYS, Usage
from registry.cel.facts import CONTEXT
from registry.cel.trying import empty_facts
from registry.compat.model import Change, Level, Report
from registry.kinds.api import APIManifest, Version
from registry.kinds.schema import SchemaManifest
from registry.kinds.team import TeamManifest

Facts = dict[str, Any]


def context_facts(context: Mapping[str, Any]) -> Facts:
    """What the caller said, with the usual keys empty where it did not."""
    return {**dict.fromkeys(CONTEXT, ""), **context}


def owner_facts(name: str | None, teams: Mapping[str, TeamManifest]) -> Facts:
    """Who owns what changes."""
    team = teams.get(name or "")
    contacts = [
        way for one in (team.spec.contacts if team else ()) for way in (one.email, one.phone, one.chat, one.url) if way
    ]
    return {"name": name or "", "exists": team is not None, "contacts": contacts}


def change_facts(change: Change, of: str) -> Facts:
    """One change of a document."""
    return {
        "rule": change.rule,
        "level": change.level.value,
        "path": change.path,
        "format": of,
        "message": change.message,
        "direction": change.direction,
        "fingerprint": change.fingerprint,
    }


def schema_facts(
    manifest: SchemaManifest, number: int, report: Report | None, *, version: str, previous_version: str
) -> Facts:
    """The subject, and what its new document does."""
    changes = report.changes if report else ()
    return {
        "name": manifest.name,
        "format": manifest.spec.format,
        "mode": manifest.spec.compatibility,
        "new": number == 0,
        "version": version,
        "previous_version": previous_version,
        "number": number,
        "labels": dict(manifest.metadata.labels),
        "breaking": sum(one.level is Level.BREAKING for one in changes),
        "warnings": sum(one.level is Level.WARNING for one in changes),
    }


def api_facts(
    api: APIManifest | None, version: Version | None, before: APIManifest | None, *, new: bool = False
) -> Facts:
    """The API in question; empty where none is declared. ``before`` is what it was until now."""
    if api is None:
        found: Facts = empty_facts("lifecycle-change")["api"]
        return found
    spec = api.spec
    return {
        "name": api.name,
        "lifecycle": version.lifecycle if version else spec.lifecycle,
        "version": version.version if version else "",
        "versions": [_version(one) for one in spec.versions],
        "owner": api.metadata.owner or "",
        "system": spec.system,
        "protocol": spec.protocol,
        "authentication": list(spec.authentication),
        "previous_authentication": list(before.spec.authentication) if before else [],
        "new": new,
        "deprecated_at": moment(version.dates.deprecated) if version else None,
        "sunset": moment(version.sunset) if version else None,
        "labels": dict(api.metadata.labels),
    }


def lifecycle_facts(version: Version, before: Version | None) -> Facts:
    """One version of an API that is new or changes."""
    return {
        "version": version.version,
        "from": before.lifecycle if before else "",
        "to": version.lifecycle,
        "stability": version.stability,
        "previous_stability": before.stability if before else "",
        "deprecated_at": moment(version.dates.deprecated),
        "sunset": moment(version.sunset),
        "previous_sunset": moment(before.sunset) if before else None,
        "replaced": version.replacement is not None,
    }


def usage_facts(usage: Usage | None, consumers: Sequence[Relying], provider: str) -> Facts:
    """Calls as they were seen; nothing seen is not known, and not zero. ``provider`` is the system whose API it is."""
    seen = [one for one in consumers if one.calls_30d is not None]
    active = [one for one in seen if one.status == "active"]
    return {
        "known": bool(seen),
        "calls_30d": sum(one.calls_30d or 0 for one in seen) if seen else None,
        "consumers": [one.name for one in active],
        "undeclared": [one.name for one in active if not one.declared and one.name != provider],
        "last_call": max((one.last_call for one in seen if one.last_call), default=None),
        "look_back_days": min(LOOK_BACK_DAYS, usage.covered_days) if usage else 0,
        "sampled": usage.sampled if usage else False,
    }


def moment(day: date | None) -> datetime | None:
    """The first moment of a day, UTC."""
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _version(one: Version) -> Facts:
    return {
        "name": one.version,
        "lifecycle": one.lifecycle,
        "stability": one.stability,
        "deprecated_at": moment(one.dates.deprecated),
        "sunset": moment(one.sunset),
        "replaced": one.replacement is not None,
    }
