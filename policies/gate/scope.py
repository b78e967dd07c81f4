"""What a policy is for."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.kinds.policy import Scope


@dataclass(frozen=True, slots=True)
class Target:
    """What changes, as far as scopes ask: ``systems`` offer it, are read or written by it."""

    kind: str
    name: str
    owner: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    systems: frozenset[str] = frozenset()
    format: str = ""


def covers(scope: Scope, target: Target) -> bool:
    """Whether a scope takes in what changes."""
    return (
        (not scope.kinds or target.kind in scope.kinds)
        and (not scope.names or any(fnmatch.fnmatchcase(target.name, pattern) for pattern in scope.names))
        and all(target.labels.get(name) == value for name, value in scope.labels.items())
        and (not scope.systems or not target.systems.isdisjoint(scope.systems))
        and (not scope.owners or target.owner in scope.owners)
        and (not scope.formats or target.format in scope.formats)
    )
