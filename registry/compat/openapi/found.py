"""What a check says it has found, before it is told at which place of which operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.compat.openapi.diff.model import Node


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of one check.

    ``what`` is a clause in which the first ``{}`` stands for the place ("the maximum of {} went down from 10 to 5").
    ``keys`` lead from the place's own node to the changed value. ``nodes`` (old, new) replace the place's nodes where
    a check looks deeper than its place, and ``operation`` the place's operation where a check names it itself.
    """

    rule: str
    what: str
    keys: tuple[str, ...] = ()
    old: Any = None
    new: Any = None
    facts: tuple[str, ...] = ()
    nodes: tuple[Node | None, Node | None] | None = None
    operation: str = ""
