from __future__ import annotations

from registry.compat.model import Change, Level, Names, Report
from registry.compat.render import summary

_ORDER = list(Level)


def render(report: Report, names: Names) -> str:
    """Lines for a terminal: the worst first, the answer last, where it stands beside the prompt."""
    changes = sorted(report.changes, key=lambda change: _ORDER.index(change.level))
    blocks = [_block(change, names) for change in changes]
    return "\n".join([*blocks, summary(report)])


def _block(change: Change, names: Names) -> str:
    lines = [f"{change.level.value:<9} {change.rule}{_where(change, names)}", f"          {_sentence(change)}"]
    if change.witness is not None:
        lines.append(f"          For example: {change.witness}")
    if change.waived is not None:
        lines.append(f"          {change.waived}")
    if change.hint and change.level is not Level.INFO:
        lines.append(f"          {change.hint}")
    return "\n".join(lines)


def _sentence(change: Change) -> str:
    return change.message if change.path in change.message else f"{change.path}: {change.message}"


def _where(change: Change, names: Names) -> str:
    if change.new_line is not None:
        return f"  {names.new}:{change.new_line}"
    return f"  {names.old}:{change.old_line}" if change.old_line is not None else ""
