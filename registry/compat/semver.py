from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from registry.compat.model import Level, Report

Bump = Literal["major", "minor", "patch", "none"]

_SEMVER = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?")
# Rules about words for people: nothing that a program would notice.
_WORDS = re.compile(r"(?:^|-)(?:description|title|tag|tags|comment|doc|summary)(?:-|$)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the next version should be called, and why.

    ``version`` is None where the present one is unknown or no semantic version: guessing helps no one.
    """

    bump: Bump
    why: str
    version: str | None = None


def suggest(report: Report, current: str | None = None) -> Suggestion:
    """The semantic version that a change asks for (semver.org 2.0.0).

    Args:
        report: what was found, waivers and severities applied.
        current: the version that there is, if the document says.
    """
    bump, why = _bump(report)
    parsed = _SEMVER.fullmatch(current.strip()) if current else None
    if parsed is None:
        return Suggestion(bump, why)
    major, minor, patch = map(int, parsed.groups())
    if bump == "major" and major == 0:
        return Suggestion("minor", f"{why}; below 1.0.0 that asks for a minor step", f"0.{minor + 1}.0")
    steps = {
        "major": f"{major + 1}.0.0",
        "minor": f"{major}.{minor + 1}.0",
        "patch": f"{major}.{minor}.{patch + 1}",
        "none": f"{major}.{minor}.{patch}",
    }
    return Suggestion(bump, why, steps[bump])


def _bump(report: Report) -> tuple[Bump, str]:
    breaking = sum(change.level is Level.BREAKING for change in report.changes)
    waived = sum(change.waived is not None for change in report.changes)
    if breaking or waived:
        count = breaking + waived
        note = f" ({waived} of them waived)" if waived else ""
        return "major", f"{count} {'change breaks' if count == 1 else 'changes break'} those who rely on it{note}"
    if any(not _WORDS.search(change.rule) for change in report.changes):
        return "minor", "something was added or changed, and nothing that was right is wrong now"
    if report.changes:
        return "patch", "only words for people differ"
    return "none", "nothing differs"
