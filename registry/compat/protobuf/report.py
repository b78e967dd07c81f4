"""Building the changes: level and hint from the rule, lines from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from registry.compat.model import Change
from registry.compat.rules import Rule


class Declared(Protocol):
    """Anything that stands in a line of a file."""

    @property
    def line(self) -> int:
        """The line, from 1."""
        ...


class Reporter:
    """Makes changes of one family of rules."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules

    def change(
        self,
        rule: str,
        path: str,
        message: str,
        *,
        old: Declared | None = None,
        new: Declared | None = None,
        values: tuple[Any, Any] = (None, None),
    ) -> Change:
        """One change; ``path`` is the dotted name, ``values`` what stood there before and stands there now."""
        before, after = values
        return Change(
            rule=rule,
            level=self.rules[rule].level,
            path=path,
            message=message,
            hint=self.rules[rule].migrate,
            old_path=path if old is not None else None,
            new_path=path if new is not None else None,
            old_line=old.line if old is not None else None,
            new_line=new.line if new is not None else None,
            old=before,
            new=after,
            arguments=tuple(str(value) for value in values if value is not None),
        )
