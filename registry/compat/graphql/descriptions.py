"""Words about a type, field, argument, value or directive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from graphql import Node

from registry.compat.graphql.report import Reporter
from registry.compat.model import Change


class Described(Protocol):
    """A part of a schema with a description."""

    description: str | None

    @property
    def ast_node(self) -> Node | None:
        """Where it was declared."""
        ...


def description_change(
    report: Reporter, kind: str, path: str, old: Described, new: Described, *, one_rule: bool = False
) -> Iterator[Change]:
    """``kind``-description-added, -removed or -changed; with ``one_rule`` always the last."""
    if (old.description or "") == (new.description or ""):
        return
    verb = "changed" if one_rule or (old.description and new.description) else "added" if new.description else "removed"
    rule = f"{kind}-description-{verb}"
    values = (old.description, new.description)
    yield report.change(rule, path, f"the description of {path} was {verb}", old=old, new=new, values=values)
