from __future__ import annotations

from registry.compat.model import Change, Level, Names, Report
from registry.compat.render import summary

_COMMANDS = {Level.BREAKING: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def render(report: Report, names: Names) -> str:
    """Workflow commands, which GitHub shows as annotations at the lines of a pull request."""
    lines = [_annotation(change, names) for change in report.changes]
    return "\n".join([*lines, summary(report)])


def _annotation(change: Change, names: Names) -> str:
    facts = {"file": names.new, "line": str(change.new_line or 1), "title": change.rule}
    properties = ",".join(f"{name}={_property(value)}" for name, value in facts.items())
    sentences = [change.message, change.waived or (change.hint if change.level is not Level.INFO else "")]
    return f"::{_COMMANDS[change.level]} {properties}::{_data(' '.join(filter(None, sentences)))}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
