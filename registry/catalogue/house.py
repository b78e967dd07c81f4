"""What a house's own policies say of manifests that are about to be applied.

The registry can't know policies, which judge by what is observed, too. Whoever runs both hands them in with the database,
so that no door to an apply can forget them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from registry.kinds.base import Manifest
from registry.manifests.parse import Located
from registry.manifests.problems import Problem

#: Where a database's ``info`` holds them.
INFO = "house-rules"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about a manifest; what ``binds`` forbids the apply, the rest is a warning."""

    binds: bool
    problem: Problem


class HouseRules(Protocol):
    """Judges manifests that are new or different, each with what it replaces."""

    def __call__(
        self, session: Session, changed: Sequence[tuple[Manifest | None, Located]], today: date
    ) -> Iterable[Said]:
        """What is to be said, worst first."""


def said(session: Session, changed: Sequence[tuple[Manifest | None, Located]], today: date) -> Iterator[Said]:
    """What the house's policies say, if it has any."""
    rules: HouseRules | None = session.info.get(INFO)
    if rules is not None and changed:
        yield from rules(session, changed, today)
