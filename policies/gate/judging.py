"""What the declared policies say of one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policies.gate.scope import Target, covers
from policies.gate.verdict import Finding
from registry.cel.facts import Occasion
from registry.cel.policy import Compiled, Level, Marks, fingerprint, stage_cap
from registry.kinds.policy import PolicyManifest

#: Findings of one policy beyond these say nothing new; the last one tells how many there were.
MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared policy, its expressions read."""

    manifest: PolicyManifest
    compiled: Compiled

    @property
    def name(self) -> str:
        """Its name."""
        return self.manifest.name


def rule(manifest: PolicyManifest) -> Rule:
    """A policy at hand for judging."""
    return Rule(manifest, replace(manifest.spec.compiled, name=manifest.name, _said={}))


def at_work(rules: Iterable[Rule], target: Target, occasion: Occasion, today: date) -> list[tuple[Rule, Level]]:
    """The policies that are for a change, each with how far its findings may go on a day."""
    found: list[tuple[Rule, Level]] = []
    for one in rules:
        spec = one.manifest.spec
        stage: Level | None = spec.rollout.stage(today) if spec.rollout else "deny"
        if stage is not None and spec.on == occasion and covers(spec.scope, target):
            found.append((one, stage))
    return found


def asked(rules: Iterable[tuple[Rule, Level]]) -> frozenset[str]:
    """The facts that some policies ask for; what nobody asks for need not be found out."""
    return frozenset().union(*(one.compiled.roots for one, _ in rules))


def judge(rules: Sequence[tuple[Rule, Level]], facts: Mapping[str, Any]) -> list[Finding]:
    """Every finding, worst first; one that is only recorded has the level ``allow`` and the stage ``audit``."""
    marks = Marks()
    findings = [finding for one, stage in rules for finding in _judged(one, stage, facts, marks)]
    return sorted(findings, key=lambda finding: ("deny", "warn", "allow").index(finding.level))


def _judged(one: Rule, stage: Level, facts: Mapping[str, Any], marks: Marks) -> Iterator[Finding]:
    remedy = one.manifest.spec.remedy or ""
    count, seen = 0, set[str]()
    for said in one.compiled.judge(facts, marks):
        mark = fingerprint(one.name, said)
        if mark in seen:
            continue
        seen.add(mark)
        count += 1
        if count > MOST_FINDINGS:
            continue
        level = stage_cap(said.level, stage)
        yield Finding(
            one.name,
            level,
            said.message,
            fingerprint=mark,
            path=said.place,
            remedy=remedy,
            stage="audit" if stage == "allow" else None,
            would_be=said.level if stage == "allow" else None,
        )
    if count > MOST_FINDINGS:
        sentence = f"and {count - MOST_FINDINGS:,} more findings of this policy"
        yield Finding(one.name, "allow", sentence, fingerprint="")
