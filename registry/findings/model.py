"""A finding, and the catalogue as the checks read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar, cast

from sqlalchemy.orm import Session

from registry.catalogue import read
from registry.catalogue.listing import Entry, entries
from registry.kinds.base import Manifest
from registry.kinds.team import TeamManifest

Level = Literal["error", "warning"]
LEVELS: tuple[Level, ...] = ("error", "warning")
M = TypeVar("M", bound=Manifest)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is odd about one declared thing: which check says so, how bad it is, one sentence, and who could mend it."""

    check: str
    level: Level
    kind: str
    name: str
    message: str
    owner: str | None = None


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
