"""A baseline: the findings that there were when it was written, which refuse nothing any more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from registry.compat.model import Change, Level, OptionError, Report

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """``known`` maps a finding's key (whose it is, and its fingerprint) to the rule and path, which are for people."""

    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def mark(self, report: Report, owner: str = "") -> Report:
        """The report with what is known told from what is new."""
        return replace(
            report,
            changes=tuple(
                replace(one, baseline="unchanged" if key(one, owner) in self.known else "new") for one in report.changes
            ),
        )


def key(change: Change, owner: str) -> str:
    """What a baseline knows a finding by."""
    return f"{owner}:{change.fingerprint}" if owner else change.fingerprint


def of(reports: Iterable[tuple[str, Report]]) -> Baseline:
    """A baseline of what hurts in some reports, each with its owner; what is waived is left to its waiver."""
    return Baseline(
        {
            key(one, owner): {"rule": one.rule, "path": one.path}
            for owner, report in reports
            for one in report.changes
            if one.level is not Level.INFO
        }
    )


def grown(before: Baseline, after: Baseline) -> list[str]:
    """The keys of findings that a new baseline has and the one before had not."""
    return sorted(after.known.keys() - before.known.keys())


def write(baseline: Baseline) -> str:
    """The text of a file, sorted, so that a change of it is easy to review."""
    found = {"version": _VERSION, "findings": dict(sorted(baseline.known.items()))}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> Baseline:
    """The baseline of a file. Raises ``OptionError``."""
    try:
        found: Any = json.loads(text)
    except ValueError as error:
        raise OptionError(f"is no baseline: {error}") from None
    findings = found.get("findings") if isinstance(found, dict) else None
    if not isinstance(findings, dict) or found.get("version") != _VERSION:
        raise OptionError(f"is no baseline of version {_VERSION}; write one with --update-baseline")
    return Baseline({str(name): one if isinstance(one, dict) else {} for name, one in findings.items()})
