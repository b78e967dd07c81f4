"""Building the changes: level and hint from the rule, lines from the two documents."""

from __future__ import annotations

from typing import Any

from registry.compat.avro.rules import RULES
from registry.compat.avro.source import Source
from registry.compat.model import Change


class Reporter:
    """Knows both documents; pointers come in, changes with lines go out."""

    def __init__(self, old: Source, new: Source) -> None:
        self.old, self.new = old, new

    def change(
        self,
        rule: str,
        message: str,
        *,
        old_path: str | None = None,
        new_path: str | None = None,
        old: Any = None,
        new: Any = None,
        arguments: tuple[str, ...] = (),
    ) -> Change:
        """One change; it shows in the new document where that has the place, else in the old one."""
        return Change(
            rule=rule,
            level=RULES[rule].level,
            path=new_path if new_path is not None else old_path or "",
            message=message,
            hint=RULES[rule].migrate,
            old_path=old_path,
            new_path=new_path,
            old_line=self.old.line(old_path) if old_path is not None else None,
            new_line=self.new.line(new_path) if new_path is not None else None,
            old=old,
            new=new,
            arguments=arguments,
        )
