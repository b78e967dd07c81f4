from __future__ import annotations

from collections.abc import Sequence

from registry.compat.model import Change, Judged, Level, Names
from registry.compat.render import summary, worst_first


def render(judged: Sequence[Judged]) -> str:
    """Lines for a terminal: the worst first, the answer last, where it stands beside the prompt."""
    return "\n\n".join(_one(one) for one in judged)


def _one(one: Judged) -> str:
    blocks = [_block(change, one.names) for change in worst_first(one.report)]
    return "\n".join([*blocks, summary(one.report)])


def _block(change: Change, names: Names) -> str:
    lines = [f"{change.level.value:<9} {change.rule}{_where(change, names)}", f"          {_sentence(change)}"]
    if change.witness is not None:
        lines.append(f"          For example: {change.witness}")
    if change.waived is not None:
        lines.append(f"          {change.waived}")
    if change.baseline == "unchanged":
        lines.append("          It is in the baseline, so it refuses nothing.")
    if change.hint and change.level is not Level.INFO:
        lines.append(f"          {change.hint}")
    return "\n".join(lines)


def _sentence(change: Change) -> str:
    return change.message if change.path in change.message else f"{change.path}: {change.message}"


def _where(change: Change, names: Names) -> str:
    if change.new_line is not None:
        return f"  {names.new}:{change.new_line}"
    return f"  {names.old}:{change.old_line}" if change.old_line is not None else ""
