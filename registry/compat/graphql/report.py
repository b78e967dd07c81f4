"""Building the changes: level and hint from the rule, lines from the syntax tree."""

from __future__ import annotations

from typing import Any, Protocol

from graphql import Node

from registry.compat.graphql.rules import RULES
from registry.compat.model import Change, Level


class Declared(Protocol):
    """A part of a schema that knows the syntax it came from."""

    @property
    def ast_node(self) -> Node | None:
        """Where it was declared."""
        ...


class Reporter:
    """Makes changes; ``lines`` says for the old and the new document whether lines mean anything."""

    def __init__(self, lines: tuple[bool, bool]) -> None:
        self.lines = lines

    def change(
        self,
        rule: str,
        path: str,
        message: str,
        *,
        old: Declared | None = None,
        new: Declared | None = None,
        values: tuple[Any, Any] = (None, None),
        level: Level | None = None,
    ) -> Change:
        """One change; ``level`` is given where it depends on more than the rule, whose hint is for its own level."""
        standard = RULES[rule].level
        return Change(
            rule=rule,
            level=level or standard,
            path=path,
            message=message,
            hint=RULES[rule].migrate if level in {None, standard} else "",
            old_path=path if old is not None else None,
            new_path=path if new is not None else None,
            old_line=line_of(old) if self.lines[0] else None,
            new_line=line_of(new) if self.lines[1] else None,
            old=values[0],
            new=values[1],
            arguments=tuple(str(value) for value in values if value is not None),
        )


def line_of(part: Declared | None) -> int | None:
    """The line (from 1) of a part's name, or None where there is no syntax."""
    node = part.ast_node if part is not None else None
    if node is None:
        return None
    location = getattr(node, "name", node).loc or node.loc
    return location.start_token.line if location else None
