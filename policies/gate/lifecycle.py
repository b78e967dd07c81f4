"""What policies say of an API that changes: of each version that is new or different, or of the API as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from policies.gate import facts as said
from policies.gate.consumers import relying
from policies.gate.judging import at_work, judge
from policies.gate.scope import Target
from policies.gate.snapshot import Snapshot
from policies.gate.touching import UsageOf
from policies.gate.usage import callers
from policies.gate.verdict import Finding
from registry.kinds.api import APIManifest, Version


def findings(
    before: APIManifest | None, after: APIManifest, snapshot: Snapshot, usage_of: UsageOf, now: datetime
) -> list[Finding]:
    """All findings, each once, worst first."""
    rules = at_work(snapshot.rules, target_of(after), "lifecycle-change", now.date())
    if not rules:
        return []
    found: dict[str, Finding] = {}
    for version, was in changed(before, after) or [(None, None)]:
        for one in judge(rules, facts_of(before, after, version, was, snapshot, usage_of, now)):
            found.setdefault(one.fingerprint, one)
    return sorted(found.values(), key=lambda one: ("deny", "warn", "allow").index(one.level))


def target_of(api: APIManifest) -> Target:
    """What scopes see of an API."""
    labels = dict(api.metadata.labels)
    return Target("API", api.name, api.metadata.owner, labels, frozenset({api.spec.system}))


def changed(before: APIManifest | None, after: APIManifest) -> list[tuple[Version | None, Version | None]]:
    """The versions that are new or different, each with what it was."""
    pairs = ((one, before.spec.version_named(one.version) if before else None) for one in after.spec.versions)
    return [(one, was) for one, was in pairs if one != was]


def facts_of(
    before: APIManifest | None,
    after: APIManifest,
    version: Version | None,
    was: Version | None,
    snapshot: Snapshot,
    usage_of: UsageOf,
    now: datetime,
) -> said.Facts:
    """The facts of one version, or of the API where none changes."""
    usage = usage_of(after)
    label = version.version if version else None
    consumers = relying(after, label, callers(usage, label, snapshot.systems) if usage else [])
    return {
        "lifecycles": [said.lifecycle_facts(version, was)] if version else [],
        "api": said.api_facts(after, version, before, new=before is None),
        "owner": said.owner_facts(after.metadata.owner, snapshot.teams),
        "usage": said.usage_facts(usage, consumers, after.spec.system),
        "context": said.context_facts({}),
        "now": now,
    }


def versions_of(api: APIManifest) -> Iterator[tuple[Version, Version]]:
    """Every version as if it changed to what it is: for trying a policy on what is declared."""
    return ((one, one) for one in api.spec.versions)
