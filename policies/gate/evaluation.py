"""May this document ship? The whole answer, from plain values. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from policies.gate import facts as said
from policies.gate.documents.fields import fields_of, since, value_of
from policies.gate.documents.operations import operations_of
from policies.gate.documents.operations import since as operations_since
from policies.gate.judging import asked, at_work, judge
from policies.gate.scope import Target
from policies.gate.snapshot import Snapshot
from policies.gate.touching import Impact, UsageOf, impact_of
from policies.gate.verdict import Finding, as_waived, compatibility, verdict, waive
from registry.cel.policy import Level as Verdict
from registry.compat.changelog import version_of
from registry.compat.model import DocumentError, Format, Report
from registry.compat.source_map import read_document
from registry.kinds.schema import SchemaManifest
from registry.waivers.standing import Standing

#: Lists that are worked out from documents, and only if a policy asks for them.
_FIELDS, _OPERATIONS = frozenset({"field", "fields"}), frozenset({"operation", "operations"})


@dataclass(frozen=True, slots=True)
class Proposed:
    """A document that is to take the place of a subject's present one.

    ``old`` is the text in force (empty if the subject is new), ``report`` what the change does by the subject's own mode,
    nothing waived.
    """

    manifest: SchemaManifest
    number: int
    old: str
    new: str
    report: Report


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer: ``report`` with what is waived, ``waivers`` by which it is, ``notices`` what somebody should know."""

    verdict: Verdict
    manifest: SchemaManifest
    number: int
    report: Report
    findings: tuple[Finding, ...]
    waivers: tuple[Standing, ...]
    impact: Impact
    notices: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)


def evaluate(
    proposed: Proposed, context: Mapping[str, Any], snapshot: Snapshot, usage_of: UsageOf, now: datetime
) -> Evaluation:
    """Judge a document by its subject's mode and by every policy that is for it."""
    manifest, report, today = proposed.manifest, proposed.report, now.date()
    texts = (proposed.old or proposed.new, proposed.new)
    impact = impact_of(snapshot, manifest.name, report.changes, texts, usage_of)
    rules = at_work(snapshot.rules, target_of(manifest, snapshot), "schema-change", today)
    facts = facts_of(proposed, context, snapshot, impact, now)
    found = [*compatibility(report), *judge(rules, facts | document_facts(proposed, asked(rules)))]
    findings, used = waive(found, snapshot.waivers, manifest.name, today)
    return Evaluation(
        verdict(findings),
        manifest,
        proposed.number,
        as_waived(report, findings),
        tuple(located(findings, proposed.new)),
        tuple(used),
        impact,
        tuple(notices(snapshot, manifest.name, findings, now)),
        facts,
    )


def target_of(manifest: SchemaManifest, snapshot: Snapshot) -> Target:
    """What scopes see of a subject: the systems are those whose APIs it describes."""
    described = snapshot.described_by(manifest.name)
    systems = frozenset(api.spec.system for api, _ in described)
    labels = dict(manifest.metadata.labels)
    return Target("Schema", manifest.name, manifest.metadata.owner, labels, systems, manifest.spec.format)


def facts_of(
    proposed: Proposed, context: Mapping[str, Any], snapshot: Snapshot, impact: Impact, now: datetime
) -> said.Facts:
    """The facts but for those of the documents themselves."""
    manifest, of = proposed.manifest, Format(proposed.manifest.spec.format)
    described = snapshot.described_by(manifest.name)
    api, version = described[0] if described else (None, None)
    own = [one for one in impact.consumers if api is not None and one.api == api.name]
    return {
        "changes": [said.change_facts(one, of.value) for one in proposed.report.changes],
        "schema": said.schema_facts(
            manifest,
            proposed.number,
            proposed.report,
            version=version_of(of, proposed.new) or "",
            previous_version=(version_of(of, proposed.old) or "") if proposed.old else "",
        ),
        "api": said.api_facts(api, version, api),
        "owner": said.owner_facts(manifest.metadata.owner, snapshot.teams),
        "usage": said.usage_facts(impact.usage, own, api.spec.system if api else ""),
        "impact": impact.names,
        "context": said.context_facts(context),
        "now": now,
    }


def document_facts(proposed: Proposed, wanted: frozenset[str]) -> said.Facts:
    """The lists that policies ask for and that have to be read out of the documents."""
    of = Format(proposed.manifest.spec.format)
    found: said.Facts = {"fields": [], "operations": []}
    if wanted & _FIELDS:
        old = fields_of(of, proposed.old) if proposed.old else []
        found["fields"] = since(fields_of(of, proposed.new), old)
    if wanted & _OPERATIONS and of is Format.OPENAPI:
        old = operations_of(value_of(proposed.old)) if proposed.old else []
        found["operations"] = operations_since(operations_of(value_of(proposed.new)), old)
    return found


def located(findings: Sequence[Finding], text: str) -> list[Finding]:
    """The findings, each with the line of the new document at which its place begins."""
    if not any(one.path.startswith("/") and one.line is None for one in findings):
        return list(findings)
    try:
        document = read_document(text, "new")
    except DocumentError:
        return list(findings)
    return [
        replace(one, line=document.line(one.path)) if one.line is None and one.path.startswith("/") else one
        for one in findings
    ]


def notices(snapshot: Snapshot, subject: str, findings: Sequence[Finding], now: datetime) -> list[str]:
    """What somebody should know though it decides nothing: waivers that end soon or wait for a second person."""
    today = now.date()
    found: list[str] = []
    for one in snapshot.waivers:
        if one.subject != subject:
            continue
        state = one.state(today)
        left = one.days_left(today)
        if state == "approved" and one.ends_soon(today):
            found.append(f"waiver {one.name} ends in {left} {'day' if left == 1 else 'days'}, on {one.expires}")
        elif state == "requested":
            found.append(f"waiver {one.name}, requested by {one.requested_by}, waits for a second person to approve it")
    audited = sum(one.stage == "audit" for one in findings)
    if audited:
        are = "finding is" if audited == 1 else "findings are"
        found.append(f"{audited} {are} recorded only: their policies do not warn yet")
    return found
