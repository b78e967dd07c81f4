"""From what a change does to whether it may ship."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from registry.compat.model import Change, Level, Report

Verdict = Literal["allow", "warn", "deny"]

COMPATIBILITY = "compatibility"
_VERDICTS: dict[Level, Verdict] = {Level.BREAKING: "deny", Level.WARNING: "warn"}
_WORST_FIRST: tuple[Verdict, ...] = ("deny", "warn", "allow")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one policy says; ``waiver`` tells by whom and until when it was let pass."""

    policy: str
    level: Verdict
    message: str
    waiver: str | None = None


def compatibility(report: Report) -> list[Finding]:
    """A finding for each change that breaks someone, may do so, or was let pass; worst first."""
    findings = [_finding(change) for change in report.changes if change.level in _VERDICTS or change.waived]
    return sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.level))


def _finding(change: Change) -> Finding:
    message = f"{change.rule}: {change.message} {change.hint}".rstrip()
    return Finding(COMPATIBILITY, _VERDICTS.get(change.level, "allow"), message, change.waived)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst that any policy says."""
    levels = {finding.level for finding in findings}
    return next((level for level in _WORST_FIRST if level in levels), "allow")
