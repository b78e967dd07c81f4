"""What the declared policies say of manifests that are about to be applied: one door for all that leads to an apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from policies.gate import lifecycle, mapping_change
from policies.gate.evaluation import Proposed, document_facts, facts_of, target_of
from policies.gate.judging import asked, at_work, judge
from policies.gate.keeping import Question
from policies.gate.snapshot import Snapshot
from policies.gate.touching import impact_of
from policies.gate.verdict import Finding, waive
from registry.catalogue import read
from registry.catalogue.house import Said
from registry.compat.model import DocumentError, Format, Report
from registry.kinds.api import APIManifest
from registry.kinds.base import Finding as Wrong
from registry.kinds.base import Manifest
from registry.kinds.mapping import MappingManifest
from registry.kinds.schema import SchemaManifest
from registry.kinds.system import SystemManifest
from registry.kinds.team import TeamManifest
from registry.manifests.parse import Located
from registry.schemas import versions

if TYPE_CHECKING:
    from policies.gate.service import Gate

Pair = tuple[Manifest | None, Located]
_JUDGED = (APIManifest, MappingManifest, SchemaManifest)


class Applying:
    """Judges what an apply would change, by the policies that are declared before it."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def __call__(self, session: Session, changed: Sequence[Pair], today: date) -> Iterator[Said]:
        """What binds comes from policies that deny and are not waived; what is waived says so as a warning."""
        own = [(before, located) for before, located in changed if isinstance(located.manifest, _JUDGED)]
        stored = self.gate.snapshot(session) if own else None
        if stored is None or not stored.rules:
            return
        now = datetime.combine(today, time(), UTC)
        snapshot = _with(stored, [located.manifest for _, located in changed])
        others = Others(session, [located.manifest for _, located in changed])
        for before, located in own:
            found = self._findings(session, before, located.manifest, snapshot, others, now)
            findings, _ = waive(found, snapshot.waivers, located.manifest.name, today)
            for finding in findings:
                if finding.level != "allow" or finding.waiver:
                    yield Said(finding.level == "deny", located.problem(Wrong((), _sentence(located, finding))))

    def _findings(
        self,
        session: Session,
        before: Manifest | None,
        after: Manifest,
        snapshot: Snapshot,
        others: Others,
        now: datetime,
    ) -> list[Finding]:
        if isinstance(after, APIManifest):
            was = before if isinstance(before, APIManifest) else None
            return lifecycle.findings(was, after, snapshot, lambda api: self.gate.usage_of(api, now), now)
        if isinstance(after, MappingManifest):
            earlier = before if isinstance(before, MappingManifest) else None
            return mapping_change.findings(earlier, after, snapshot, others, now)
        if isinstance(after, SchemaManifest) and not _same_document(before, after):
            return self._of_document(session, before, after, snapshot, now)
        return []

    def _of_document(
        self, session: Session, before: Manifest | None, after: SchemaManifest, snapshot: Snapshot, now: datetime
    ) -> list[Finding]:
        """The compatibility of the document itself is judged by the registry, whatever the policies say."""
        rules = at_work(snapshot.rules, target_of(after, snapshot), "schema-change", now.date())
        if not rules:
            return []
        number, old = 0, ""
        report = Report(Format(after.spec.format), after.spec.mode, ())
        if isinstance(before, SchemaManifest):
            current = versions.in_force(session, before)
            number, old = (current.version, current.text) if current else (0, "")
            try:
                subject = self.gate.subject(session, after.name)
                report = self.gate.report(session, subject, Question(after.name, after.spec.text, {}), now.date())
            except DocumentError as error:
                sentence = f"could not be judged: {error.message}; apply what it refers to first"
                return [Finding(one.name, "deny", sentence, fingerprint="") for one, _ in rules]
        proposed = Proposed(after, number, old, after.spec.text, report)
        texts = (old or after.spec.text, after.spec.text)
        impact = impact_of(snapshot, after.name, report.changes, texts, lambda api: self.gate.usage_of(api, now))
        facts = facts_of(proposed, {}, snapshot, impact, now)
        return judge(rules, facts | document_facts(proposed, asked(rules)))


class Others:
    """Manifests as they will be: what comes in lies over what is stored."""

    def __init__(self, session: Session, incoming: Sequence[Manifest]) -> None:
        self.session = session
        self.incoming = {(one.kind, one.name): one for one in incoming}

    def get(self, kind: str, name: str) -> Manifest | None:
        """The manifest of that kind and name."""
        return self.incoming.get((kind, name)) or read.get(self.session, kind, name)

    def version(self, schema: str, number: int) -> str | None:
        """The text of a registered version."""
        found = versions.one(self.session, schema, number)
        return None if found is None else found.text


def _with(stored: Snapshot, incoming: Sequence[Manifest]) -> Snapshot:
    """What is declared once the apply is done, but for the policies: a new one judges from the next change on."""
    apis = {one.name: one for one in stored.apis} | {one.name: one for one in incoming if isinstance(one, APIManifest)}
    systems = {one.name: one for one in stored.systems}
    systems |= {one.name: one for one in incoming if isinstance(one, SystemManifest)}
    teams = stored.teams | {one.name: one for one in incoming if isinstance(one, TeamManifest)}
    return replace(stored, apis=tuple(apis.values()), systems=tuple(systems.values()), teams=teams)


def _same_document(before: Manifest | None, after: SchemaManifest) -> bool:
    return isinstance(before, SchemaManifest) and before.spec.text == after.spec.text


def _sentence(located: Located, finding: Finding) -> str:
    manifest = located.manifest
    where = f" at {finding.path}" if finding.path else ""
    told = f"{manifest.kind} {manifest.name!r}{where}: policy {finding.policy}: {finding.message}"
    if finding.waiver:
        return f"{told} ({finding.waiver})"
    remedy = f" {finding.remedy}" if finding.remedy else ""
    key = f" (fingerprint {finding.fingerprint})" if finding.fingerprint else ""
    return f"{told}{remedy}{key}"
