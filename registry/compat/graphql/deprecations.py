"""What is marked as deprecated, and the reason that is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from graphql import Node

from registry.compat.graphql.report import Reporter
from registry.compat.model import Change


class Deprecable(Protocol):
    """A part of a schema that may be deprecated; an empty reason is one too."""

    deprecation_reason: str | None

    @property
    def ast_node(self) -> Node | None:
        """Where it was declared."""
        ...


def plain_deprecation(report: Reporter, kind: str, path: str, old: Deprecable, new: Deprecable) -> Iterator[Change]:
    """``kind``-deprecation-added or -removed."""
    reasons = (old.deprecation_reason, new.deprecation_reason)
    if reasons[0] is None and reasons[1] is not None:
        message = f"{path} is deprecated: {reasons[1]}"
        yield report.change(f"{kind}-deprecation-added", path, message, old=old, new=new, values=reasons)
    elif reasons[0] is not None and reasons[1] is None:
        message = f"{path} is no longer deprecated"
        yield report.change(f"{kind}-deprecation-removed", path, message, old=old, new=new, values=reasons)


def reason_change(report: Reporter, kind: str, path: str, old: Deprecable, new: Deprecable) -> Iterator[Change]:
    """``kind``-deprecation-reason-added, -removed or -changed."""
    reasons = (old.deprecation_reason, new.deprecation_reason)
    if reasons[0] == reasons[1]:
        return
    verb = "added" if reasons[0] is None else "removed" if reasons[1] is None else "changed"
    message = f"the reason why {path} is deprecated was {verb}: {reasons[1] if reasons[1] is not None else reasons[0]}"
    yield report.change(f"{kind}-deprecation-reason-{verb}", path, message, old=old, new=new, values=reasons)
