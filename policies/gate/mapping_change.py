"""What policies say of a mapping that changes."""

from __future__ import annotations

from datetime import datetime

from policies.gate import facts as said
from policies.gate.judging import at_work, judge
from policies.gate.scope import Target
from policies.gate.snapshot import Snapshot
from policies.gate.verdict import Finding
from registry.kinds.base import Lookup
from registry.kinds.mapping import CANON, MappingManifest, opened
from registry.kinds.schema import SchemaManifest
from registry.mappings.coverage import coverage
from registry.mappings.ways import Ways, examined


def findings(
    before: MappingManifest | None, after: MappingManifest, snapshot: Snapshot, others: Lookup, now: datetime
) -> list[Finding]:
    """All findings, worst first."""
    rules = at_work(snapshot.rules, target_of(after), "mapping-change", now.date())
    return judge(rules, facts_of(before, after, snapshot, others, now)) if rules else []


def target_of(mapping: MappingManifest) -> Target:
    """What scopes see of a mapping."""
    system = mapping.spec.system.system
    labels = dict(mapping.metadata.labels)
    return Target("Mapping", mapping.name, mapping.metadata.owner, labels, frozenset({system} if system else ()))


def facts_of(
    before: MappingManifest | None, after: MappingManifest, snapshot: Snapshot, others: Lookup, now: datetime
) -> said.Facts:
    """The facts of a mapping over the schemas at its ends."""
    return {
        "mapping": mapping_facts(before, after, others),
        "owner": said.owner_facts(after.metadata.owner, snapshot.teams),
        "context": said.context_facts({}),
        "now": now,
    }


def mapping_facts(before: MappingManifest | None, after: MappingManifest, others: Lookup) -> said.Facts:
    """A mapping with what its own checks find and what it leaves unfilled."""
    spec = after.spec
    found = opened(spec, others)
    told = coverage(found.forward) if isinstance(found, Ways) else None
    remarks = examined(found) if isinstance(found, Ways) else found
    canon = others.get("Schema", spec.canon.schema_)
    unfilled = told.unfilled if told else ()
    return {
        "name": after.name,
        "system": spec.system.system or "",
        "object": canon.metadata.labels.get(CANON, "") if isinstance(canon, SchemaManifest) else "",
        "source": spec.source.schema_,
        "target": spec.target.schema_,
        "purpose": spec.purpose,
        "new": before is None,
        "fields": len(spec.fields),
        "unmapped": [str(leaf.path) for leaf in unfilled],
        "required_unmapped": [str(leaf.path) for leaf in unfilled if leaf.required],
        "problems": [one.rule for one in remarks if one.level != "note"],
        "labels": dict(after.metadata.labels),
    }
