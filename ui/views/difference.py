"""Two texts beside one another, line by line. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: ``kept``, ``added``, ``removed``, or ``skipped`` for what lies between two pieces."""

    kind: Literal["kept", "added", "removed", "skipped"]
    text: str

    @property
    def sign(self) -> str:
        """What stands before it, so that nobody needs to tell colours apart."""
        return {"added": "+", "removed": "-", "kept": " ", "skipped": "…"}[self.kind]


def difference(before: str, after: str, around: int = 3) -> Sequence[Line]:
    """The changed lines with some around them; nothing where the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > _MANY)
    for number, group in enumerate(matcher.get_grouped_opcodes(around)):
        if number:
            lines.append(Line("skipped", ""))
        for tag, start, end, start_new, end_new in group:
            if tag == "equal":
                lines += [Line("kept", text) for text in old[start:end]]
                continue
            lines += [Line("removed", text) for text in old[start:end]]
            lines += [Line("added", text) for text in new[start_new:end_new]]
    return lines


#: Beyond so many lines, lines that repeat often are no anchors: it would take too long.
_MANY = 4_000
