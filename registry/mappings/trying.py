"""Trying a mapping on a payload: what it becomes, where each value comes from, and whether it is valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.mappings.base import Resolver
from registry.mappings.engine import Outcome, apply
from registry.mappings.validating import Violation, violations
from registry.mappings.way import Way
from registry.mappings.ways import Ways


class NoWayBackError(ValueError):
    """A mapping that goes forward only; one sentence."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out. ``payload_violations``: how the payload departs from the source's own schema."""

    way: Way
    outcome: Outcome
    violations: Sequence[Violation]
    payload_violations: Sequence[Violation]

    @property
    def ok(self) -> bool:
        """Whether every field could be filled and the result is valid."""
        return not self.outcome.problems and not self.violations


def attempt(ways: Ways, payload: Any, *, back: bool = False, resolve: Resolver | None = None) -> Trial:
    """Apply one direction. Raises ``NoWayBackError`` if it is not there."""
    way = ways.back if back else ways.forward
    if way is None:
        raise NoWayBackError("this mapping goes forward only; say direction: both for a way back")
    outcome = apply(way.fields, payload, tables=way.tables, resolve=resolve)
    return Trial(way, outcome, violations(way.target, outcome.value), violations(way.source, payload))


def described(way: Way) -> list[Mapping[str, Any]]:
    """The fields of a direction, each in words."""
    return [
        {
            "from": [str(path) for path in one.sources.values()],
            "beside": [str(path) for path in one.reads if path not in one.sources.values()],
            "to": str(one.target),
            "how": one.told(),
            "note": one.note,
        }
        for one in way.fields
    ]
