from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.compat.model import Change, Level

if TYPE_CHECKING:  # the form is found from there
    from registry.compat.changelog import Changelog

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def render(log: Changelog) -> str:
    """Markdown that reads well as plain text, too."""
    lines = [f"# Changes from {_plain(log.names.old)} to {_plain(log.names.new)}", "", f"**{_plain(log.headline)}**"]
    for heading, changes in log.sections:
        lines += ["", f"## {heading}", "", *(_item(change) for change in changes)]
    return "\n".join(lines)


def _item(change: Change) -> str:
    place = f" at `{_code(change.path)}`" if change.path else ""
    parts = [f"- `{change.rule}`{place}: {_plain(change.message)}"]
    if change.witness is not None:
        parts.append(f"For example: `{_code(change.witness)}`.")
    if change.waived is not None:
        parts.append(f"*{_plain(change.waived)}*")
    elif change.hint and change.level is not Level.INFO:
        parts.append(f"*{_plain(change.hint)}*")
    return " ".join(parts)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")
