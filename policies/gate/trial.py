"""What a policy would have said, before it goes live: of all that is registered, and of what was asked lately."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from policies.gate import keeping, lifecycle, mapping_change
from policies.gate.applying import Others
from policies.gate.documents.fields import fields_of, since, value_of
from policies.gate.documents.operations import operations_of
from policies.gate.documents.operations import since as operations_since
from policies.gate.evaluation import Proposed, document_facts, facts_of, target_of
from policies.gate.judging import Rule, asked, judge
from policies.gate.models import StoredEvaluation
from policies.gate.scope import Target, covers
from policies.gate.service import Gate
from policies.gate.touching import impact_of
from policies.gate.verdict import WORST_FIRST, Finding, verdict
from registry.catalogue import read
from registry.cel.facts import OBJECTS, roots_on
from registry.cel.trying import empty_facts
from registry.cel.types import Type, fill
from registry.compat.engine import check
from registry.compat.model import DocumentError, Format, Options, Report
from registry.kinds.api import APIManifest
from registry.kinds.find import manifest_kinds
from registry.kinds.mapping import MappingManifest
from registry.kinds.schema import SchemaManifest
from registry.schemas import versions

DAYS = 90
_SECONDS = 20.0
_ROWS = 5_000
_COMPARING = frozenset({"change", "changes", "schema", "impact"})
_DOCUMENT = frozenset({"field", "fields", "operation", "operations"})


@dataclass(frozen=True, slots=True)
class Hit:
    """One declared thing, or one evaluation, of which the policy says something. ``was`` is an evaluation's own verdict."""

    kind: str
    name: str
    findings: Sequence[Finding]
    evaluation: str | None = None
    was: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """``judged`` of ``of`` were looked at, within a bounded time; the rest is not known."""

    judged: int
    of: int
    hits: Sequence[Hit]

    def count(self, level: str) -> int:
        """How many of them it would deny, or warn of."""
        return sum(verdict(hit.findings) == level for hit in self.hits)


def on_registered(gate: Gate, session: Session, rule: Rule, now: datetime, seconds: float = _SECONDS) -> Trial:
    """The last step of everything that is declared, judged by the policy as if it were at work in full."""
    kinds = {"schema-change": SchemaManifest, "lifecycle-change": APIManifest, "mapping-change": MappingManifest}
    manifests = read.every(session, kinds[rule.manifest.spec.on])
    ends, judged, hits = time.monotonic() + seconds, 0, list[Hit]()
    for manifest in manifests:
        if time.monotonic() > ends:
            break
        judged += 1
        if findings := _of(gate, session, rule, manifest, now):
            hits.append(Hit(manifest.kind, manifest.name, findings))
    return Trial(judged, len(manifests), hits)


def _of(gate: Gate, session: Session, rule: Rule, manifest: Any, now: datetime) -> list[Finding]:
    snapshot = replace(gate.snapshot(session), rules=(_in_full(rule),))
    before = _before(session, manifest)
    if isinstance(manifest, APIManifest):
        was = before if isinstance(before, APIManifest) else None
        return lifecycle.findings(was, manifest, snapshot, lambda api: gate.usage_of(api, now), now)
    if isinstance(manifest, MappingManifest):
        earlier = before if isinstance(before, MappingManifest) else None
        return mapping_change.findings(earlier, manifest, snapshot, Others(session, []), now)
    if not covers(rule.manifest.spec.scope, target_of(manifest, snapshot)):
        return []
    proposed = _last_step(session, manifest, rule, now)
    texts = (proposed.old or proposed.new, proposed.new)
    impact = impact_of(snapshot, manifest.name, proposed.report.changes, texts, lambda api: gate.usage_of(api, now))
    facts = facts_of(proposed, {}, snapshot, impact, now)
    full = [(_in_full(rule), "deny")]
    return judge(full, facts | document_facts(proposed, asked(full)))  # type: ignore[arg-type]


def _in_full(rule: Rule) -> Rule:
    """The policy as it will be at the end of its roll-out."""
    spec = rule.manifest.spec.model_copy(update={"rollout": None})
    return replace(rule, manifest=rule.manifest.model_copy(update={"spec": spec}))


def _before(session: Session, manifest: Any) -> Any:
    """What a declared thing was until its last change."""
    found = read.revisions(session, manifest.kind, manifest.name)[1:2]
    if not found or manifest.kind == "Schema":
        return None
    return manifest_kinds()[manifest.kind].model_validate(found[0].document, by_alias=True, by_name=False)


def _last_step(session: Session, manifest: SchemaManifest, rule: Rule, now: datetime) -> Proposed:
    of, mode = Format(manifest.spec.format), manifest.spec.mode
    current = versions.in_force(session, manifest)
    number = current.version if current else 0
    earlier = versions.one(session, manifest.name, number - 1) if number > 1 else None
    report = Report(of, mode, ())
    if earlier is not None and rule.compiled.roots & _COMPARING:
        try:
            report = check(of, earlier.text, manifest.spec.text, mode=mode, options=Options(as_of=now.date()))
        except DocumentError:
            earlier = None
    old = earlier.text if earlier else ""
    return Proposed(manifest, earlier.version if earlier else 0, old, manifest.spec.text, report)


def on_evaluations(session: Session, rule: Rule, now: datetime, days: int = DAYS, seconds: float = _SECONDS) -> Trial:
    """What was asked in the last days, judged by the policy on the facts of then."""
    if rule.manifest.spec.on != "schema-change":
        return Trial(0, 0, ())
    rows = keeping.page(session, since=now - timedelta(days=days), limit=_ROWS)
    ends, judged, hits = time.monotonic() + seconds, 0, list[Hit]()
    for row in rows:
        if time.monotonic() > ends:
            break
        judged += 1
        if findings := _again(session, rule, row):
            hits.append(Hit("Schema", row.subject, findings, row.id, row.verdict, row.evaluated_at))
    return Trial(judged, len(rows), hits)


def _again(session: Session, rule: Rule, row: StoredEvaluation) -> list[Finding]:
    facts = restored(row.facts)
    schema, api = facts["schema"], facts["api"]
    systems = frozenset({api["system"]} if api["system"] else ())
    target = Target("Schema", row.subject, facts["owner"]["name"] or None, schema["labels"], systems, row.format)
    if not covers(rule.manifest.spec.scope, target):
        return []
    if rule.compiled.roots & _DOCUMENT:
        facts |= _documents(session, row)
    return judge([(rule, "deny")], facts)


def _documents(session: Session, row: StoredEvaluation) -> dict[str, Any]:
    of, text = Format(row.format), keeping.document(session, row.document)
    before = versions.one(session, row.subject, row.version)
    old = before.text if before else ""
    operations = operations_of(value_of(text)) if of is Format.OPENAPI else []
    earlier = operations_of(value_of(old)) if old and of is Format.OPENAPI else []
    return {
        "fields": since(fields_of(of, text), fields_of(of, old) if old else []),
        "operations": operations_since(operations, earlier),
    }


def restored(stored: dict[str, Any]) -> dict[str, Any]:
    """Facts as they were stored, their times read again; what is no fact any more is left out."""
    facts = empty_facts("schema-change")
    for name, root in roots_on("schema-change").items():
        if name in stored and not root.each:
            facts[name] = fill(root.type, _known(root.type, stored[name]), OBJECTS, name)
    return facts


def _known(of: Type, value: Any) -> Any:
    if of.many == "list":
        return [_known(Type(of.of, of.of), one) for one in value]
    if of.many or of.of not in OBJECTS or not isinstance(value, dict):
        return value
    members = OBJECTS[of.of]
    return {name: _known(members[name].type, one) for name, one in value.items() if name in members}


def turned(trial: Trial) -> Iterator[tuple[Hit, str]]:
    """The evaluations whose verdict would have been another, each with what it would have been."""
    for hit in trial.hits:
        would = verdict(hit.findings)
        if hit.was is not None and WORST_FIRST.index(would) < WORST_FIRST.index(hit.was):
            yield hit, would
