from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from registry.compat.model import Change, Level, Names, Report
from registry.compat.render import summary

# What XML 1.0 can't hold at all, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, names: Names) -> str:
    """A JUnit test suite: one case for each change, failed if it is breaking."""
    failures = sum(change.level is Level.BREAKING for change in report.changes)
    cases = [_case(change, names) for change in report.changes] or [
        f'    <testcase name="compatible" classname={_attribute(names.new)}/>'
    ]
    suite = f'name={_attribute(f"{report.format} {report.mode}")} tests="{len(cases)}" failures="{failures}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites tests="{len(cases)}" failures="{failures}">',
            f'  <testsuite {suite} errors="0" skipped="0">',
            *cases,
            f"    <system-out>{_text(summary(report))}</system-out>",
            "  </testsuite>",
            "</testsuites>",
        ]
    )


def _case(change: Change, names: Names) -> str:
    line = f' line="{change.new_line}"' if change.new_line is not None else ""
    name = _attribute(f"{change.rule} {change.path} {change.fingerprint}")
    head = f"    <testcase name={name} classname={_attribute(change.rule)} file={_attribute(names.new)}{line}"
    if change.level is Level.BREAKING:
        detail = "\n".join(part for part in (change.message, change.hint) if part)
        return (
            f"{head}>\n      <failure type={_attribute(change.rule)} message={_attribute(change.message)}>"
            f"{_text(detail)}</failure>\n    </testcase>"
        )
    note = f"{change.level}: {change.waived or change.message}"
    return f"{head}>\n      <system-out>{_text(note)}</system-out>\n    </testcase>"


def _text(value: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", value))


def _attribute(value: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", value))
