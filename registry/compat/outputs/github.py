from __future__ import annotations

from collections.abc import Sequence

from registry.compat.model import Change, Judged, Level, Names
from registry.compat.render import summary

_COMMANDS = {Level.BREAKING: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def render(judged: Sequence[Judged]) -> str:
    """Workflow commands, which GitHub shows as annotations at the lines of a pull request."""
    return "\n".join(line for one in judged for line in _lines(one))


def _lines(one: Judged) -> list[str]:
    return [*(_annotation(change, one.names) for change in one.report.changes), summary(one.report)]


def _annotation(change: Change, names: Names) -> str:
    facts = {"file": names.new, "line": str(change.new_line or 1), "title": change.rule}
    properties = ",".join(f"{name}={_property(value)}" for name, value in facts.items())
    sentences = [change.message, change.waived or (change.hint if change.level is not Level.INFO else "")]
    command = "notice" if change.baseline == "unchanged" else _COMMANDS[change.level]
    return f"::{command} {properties}::{_data(' '.join(filter(None, sentences)))}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
