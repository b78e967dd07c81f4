"""A finding, and the catalogue as the checks read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal, TypeVar, cast

from sqlalchemy.orm import Session

from registry.catalogue import read
from registry.catalogue.listing import Entry, entries
from registry.kinds.base import Manifest
from registry.kinds.team import TeamManifest

Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")
M = TypeVar("M", bound=Manifest)


@dataclass(frozen=True, slots=True)
class Seen:
    """What traffic shows of it: how often (0: never), from when to when, and traces (hex) in which to look at it.

    ``example`` is what a payload looked like, its values masked.
    """

    count: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    traces: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is odd about one declared thing: which check says so, how bad it is, one sentence, and who could mend it.

    ``advice`` says what to do about it, where that is not plain; ``seen`` is there for what was seen in traffic.
    """

    check: str
    level: Level
    kind: str
    name: str
    message: str
    owner: str | None = None
    advice: str = ""
    seen: Seen | None = None

    @property
    def about(self) -> Literal["declared", "traffic"]:
        """Whether what is declared shows it, or what was seen."""
        return "declared" if self.seen is None else "traffic"


@dataclass
class Catalogue:
    """Everything declared, read once each: all things without their specs, the manifests of a kind when asked for."""

    session: Session
    _manifests: dict[type[Manifest], Sequence[Manifest]] = field(default_factory=dict)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Everything, by kind and name."""
        return entries(self.session)

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Kind -> the names of that kind."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            found.setdefault(entry.kind, set()).add(entry.name)
        return {kind: frozenset(names) for kind, names in found.items()}

    @cached_property
    def teams(self) -> Mapping[str, TeamManifest]:
        """The teams by name."""
        return {team.name: team for team in self.every(TeamManifest)}

    def every(self, kind: type[M]) -> Sequence[M]:
        """All manifests of a kind."""
        if kind not in self._manifests:
            self._manifests[kind] = read.every(self.session, kind)
        return cast("Sequence[M]", self._manifests[kind])
