from __future__ import annotations

import re
from collections.abc import Sequence

from registry.compat.model import Change, Judged, Level
from registry.compat.render import summary, worst_first

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~@])")
#: A comment of a pull request holds 65,536 characters.
_MOST_ROWS = 50


def render(judged: Sequence[Judged]) -> str:
    """A comment for a pull request: the answer, what hurts as a table, the rest folded away."""
    return "\n\n".join(part for one in judged for part in _one(one))


def _one(one: Judged) -> list[str]:
    serious = [change for change in worst_first(one.report) if change.level is not Level.INFO or change.waived]
    rest = [change for change in one.report.changes if change not in serious]
    parts = [f"**{plain(summary(one.report))}** {code(one.names.old)} → {code(one.names.new)}"]
    if serious:
        parts.append(_table(serious))
    if rest:
        noun = "change" if len(rest) == 1 else "changes"
        parts.append(f"<details><summary>{len(rest)} other {noun}</summary>\n\n{_table(rest)}\n\n</details>")
    return parts


def _table(changes: list[Change]) -> str:
    rows = [_row(change) for change in changes[:_MOST_ROWS]]
    if hidden := len(changes) - len(rows):
        rows.append(f"| | | | and {hidden:,} more |")
    return "\n".join(["| Level | Rule | Where | What |", "| :-- | :-- | :-- | :-- |", *rows])


def _row(change: Change) -> str:
    place = code(change.path) if change.path else "the whole"
    line = f", line {change.new_line}" if change.new_line else ""
    said = [plain(change.message)]
    if change.waived:
        said.append(f"*{plain(change.waived)}*")
    elif change.baseline == "unchanged":
        said.append("*In the baseline.*")
    elif change.hint and change.level is not Level.INFO:
        said.append(f"*{plain(change.hint)}*")
    word = "waived" if change.waived else f"**{change.level}**" if change.fails else str(change.level)
    return f"| {word} | {code(change.rule)} | {place}{line} | {' '.join(said)} |"


def plain(text: str) -> str:
    """Words in which no sign means anything, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Text in a fixed width, fit for a cell of a table."""
    inner = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
    return f"`{inner}`"
