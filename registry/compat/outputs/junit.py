from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from registry.compat.model import Change, Judged, Names
from registry.compat.render import summary

# What XML 1.0 can't hold at all, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(judged: Sequence[Judged]) -> str:
    """JUnit test suites, one a report: a case for each change, failed if it breaks anyone anew."""
    suites = [_suite(one) for one in judged]
    tests, failures = (sum(counted) for counted in zip(*((one[0], one[1]) for one in suites), strict=True))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites tests="{tests}" failures="{failures}">',
            *(suite[2] for suite in suites),
            "</testsuites>",
        ]
    )


def _suite(one: Judged) -> tuple[int, int, str]:
    """How many cases, how many of them failed, and the element."""
    report, names = one.report, one.names
    failures = sum(change.fails for change in report.changes)
    cases = [_case(change, names) for change in report.changes] or [
        f'    <testcase name="compatible" classname={_attribute(names.new)}/>'
    ]
    suite = f'name={_attribute(f"{report.format} {report.mode}")} tests="{len(cases)}" failures="{failures}"'
    lines = [
        f'  <testsuite {suite} errors="0" skipped="0">',
        *cases,
        f"    <system-out>{_text(summary(report))}</system-out>",
        "  </testsuite>",
    ]
    return len(cases), failures, "\n".join(lines)


def _case(change: Change, names: Names) -> str:
    line = f' line="{change.new_line}"' if change.new_line is not None else ""
    name = _attribute(f"{change.rule} {change.path} {change.fingerprint}")
    head = f"    <testcase name={name} classname={_attribute(change.rule)} file={_attribute(names.new)}{line}"
    if change.fails:
        detail = "\n".join(part for part in (change.message, change.hint) if part)
        return (
            f"{head}>\n      <failure type={_attribute(change.rule)} message={_attribute(change.message)}>"
            f"{_text(detail)}</failure>\n    </testcase>"
        )
    known = " (in the baseline)" if change.baseline == "unchanged" else ""
    note = f"{change.level}: {change.waived or change.message}{known}"
    return f"{head}>\n      <system-out>{_text(note)}</system-out>\n    </testcase>"


def _text(value: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", value))


def _attribute(value: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", value))
