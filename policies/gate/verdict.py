"""From what a change does, and what policies say of it, to whether it may ship."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from registry.cel.policy import Level as Verdict
from registry.compat.model import Change, Level, Report
from registry.waivers.standing import Standing, covering

COMPATIBILITY = "compatibility"
_VERDICTS: dict[Level, Verdict] = {Level.BREAKING: "deny", Level.WARNING: "warn"}
WORST_FIRST: tuple[Verdict, ...] = ("deny", "warn", "allow")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one policy says of one thing.

    ``fingerprint`` rests on policy, place and arguments, never on wording. ``waiver`` tells by whom and until when it was
    let pass; its level is then ``allow`` and ``would_be`` what it was. ``stage`` is ``audit`` where a roll-out only
    records it. ``line`` is where the document has it.
    """

    policy: str
    level: Verdict
    message: str
    waiver: str | None = None
    fingerprint: str = ""
    path: str = ""
    line: int | None = None
    remedy: str = ""
    stage: Literal["audit"] | None = None
    would_be: Verdict | None = None
    waived_by: str | None = None


def compatibility(report: Report) -> list[Finding]:
    """A finding for each change that breaks someone, may do so, or was let pass; worst first."""
    findings = [_finding(change) for change in report.changes if change.level in _VERDICTS or change.waived]
    return sorted(findings, key=lambda finding: WORST_FIRST.index(finding.level))


def _finding(change: Change) -> Finding:
    return Finding(
        COMPATIBILITY,
        _VERDICTS.get(change.level, "allow"),
        f"{change.rule}: {change.message} {change.hint}".rstrip(),
        change.waived,
        change.fingerprint,
        change.path,
        change.new_line,
    )


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst that any policy says."""
    levels = {finding.level for finding in findings}
    return next((level for level in WORST_FIRST if level in levels), "allow")


def waive(
    findings: Iterable[Finding], waivers: Iterable[Standing], subject: str, today: date
) -> tuple[list[Finding], list[Standing]]:
    """The findings with what is let pass, and the waivers by which it is."""
    own = [one for one in waivers if one.subject == subject]
    used: dict[str, Standing] = {}
    return list(_waived(findings, own, subject, today, used)), list(used.values())


def _waived(
    findings: Iterable[Finding], own: list[Standing], subject: str, today: date, used: dict[str, Standing]
) -> Iterator[Finding]:
    for finding in findings:
        if finding.level == "allow" or not own:
            yield finding
            continue
        answer = covering(own, subject, finding.fingerprint, denies=finding.level == "deny", today=today)
        if answer.used is None:
            yield replace(finding, message=f"{finding.message} {answer.remark}".rstrip())
            continue
        used[answer.used.name] = answer.used
        sentence = answer.used.sentence(today)
        yield replace(finding, level="allow", waiver=sentence, would_be=finding.level, waived_by=answer.used.name)


def as_waived(report: Report, findings: Iterable[Finding]) -> Report:
    """The report with what findings let pass turned into information that says so."""
    passed = {one.fingerprint: one.waiver for one in findings if one.policy == COMPATIBILITY and one.waived_by}
    changes = (
        replace(change, level=Level.INFO, waived=f"{change.level} {passed[change.fingerprint]}")
        if change.level in _VERDICTS and change.fingerprint in passed
        else change
        for change in report.changes
    )
    return replace(report, changes=tuple(changes)) if passed else report
