from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry.compat.asyncapi.rules import ENTRIES
from registry.compat.asyncapi.shapes import Part
from registry.compat.json_schema.checker import Comparison
from registry.compat.json_schema.context import Workspace
from registry.compat.json_schema.index import Index
from registry.compat.model import Change, Options
from registry.compat.source_map import Document
from registry.compat.wording import filled

_SHOWN = 120


@dataclass(frozen=True)
class Pair:
    """The two documents at hand, what was asked, and how a difference becomes a change."""

    old: Document
    new: Document
    options: Options

    @cached_property
    def taken(self) -> Comparison:
        """Compares what is received: what was right by an old schema must be right by the new one."""
        old, new = self._schemas
        return Comparison(old, new, self._workspace, self.options.content_model)

    @cached_property
    def sent(self) -> Comparison:
        """Compares what is sent, with the documents in each other's place: what is new must be right by the old schema."""
        old, new = self._schemas
        return Comparison(new, old, self._workspace, self.options.content_model)

    @cached_property
    def _schemas(self) -> tuple[Index, Index]:
        return Index(self.old, "old"), Index(self.new, "new")

    @cached_property
    def _workspace(self) -> Workspace:
        return Workspace()

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
