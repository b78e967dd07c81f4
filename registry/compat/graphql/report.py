"""Building the changes: level and hint from the rule, lines from the syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from graphql import Node

from registry.compat.graphql.rules import RULES
from registry.compat.graphql.syntax import Syntax
from registry.compat.model import Change, Level


class Declared(Protocol):
    """A part of a schema that knows the syntax it came from."""

    @property
    def ast_node(self) -> Node | None:
        """Where it was declared."""
        ...


Line = Callable[[Declared | None], int | None]


class Reporter:
    """Makes changes; the lines of parts are asked of the old and of the new document."""

    def __init__(self, old_line: Line, new_line: Line) -> None:
        self._old_line, self._new_line = old_line, new_line

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
            old_line=self._old_line(old),
            new_line=self._new_line(new),
            old=values[0],
            new=values[1],
            arguments=tuple(str(value) for value in values if value is not None),
        )


def line_of(part: Declared | None, syntax: Syntax) -> int | None:
    """The line (from 1) of a part's name, or None where it has no syntax."""
    node = part.ast_node if part is not None else None
    if node is None:
        return None
    location = getattr(node, "name", node).loc or node.loc
    return syntax.line(location) if location else None
