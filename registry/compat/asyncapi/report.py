from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from registry.compat.asyncapi.rules import ENTRIES
from registry.compat.asyncapi.shapes import Part
from registry.compat.model import Change, Options
from registry.compat.source_map import Document
from registry.compat.wording import filled

_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Pair:
    """The two documents at hand, what was asked, and how a difference becomes a change."""

    old: Document
    new: Document
    options: Options

    def change(
        self, rule: str, old: Part, new: Part, subject: str, was: Any = None, now: Any = None, *, removed: bool = False
    ) -> Change:
        """One change.

        Args:
            rule: its id.
            old: where it is, or is missing, in the old document.
            new: the same in the new document.
            subject: what the sentence is about.
            was: the value in the old document.
            now: the value in the new document.
            removed: whether it shows in the old document only.
        """
        one = ENTRIES[rule]
        path = old.pointer if removed else new.pointer
        return Change(
            rule=rule,
            level=one.rule.level,
            path=path,
            message=filled(one.message, {"subject": subject, "old": _shown(was), "new": _shown(now)}),
            hint=one.rule.migrate,
            old_path=old.pointer,
            new_path=new.pointer,
            old_line=self.old.line(old.pointer),
            new_line=self.new.line(new.pointer),
            old=was,
            new=now,
            arguments=(subject, json.dumps(was, sort_keys=True), json.dumps(now, sort_keys=True)),
        )


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
