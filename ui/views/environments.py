"""What runs where, as a table of applications and environments, and the answer to whether a version may join. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.deployments.service import Running


@dataclass(frozen=True, slots=True)
class Cell:
    """What runs in one environment since ``at`` (nanoseconds); nothing where ``version`` is empty."""

    environment: str
    version: str = ""
    at: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An application, with a cell for each environment; ``apart`` where they don't all run one version."""

    application: str
    cells: tuple[Cell, ...]

    @property
    def apart(self) -> bool:
        """Whether its environments differ."""
        return len({cell.version for cell in self.cells if cell.version}) > 1


def environments(running: Sequence[Running]) -> list[str]:
    """The environments, by name."""
    return sorted({one.environment for one in running})


def rows(running: Sequence[Running]) -> list[Row]:
    """A row for each application, by name."""
    there = {(one.contract.application, one.environment): one for one in running}
    found = []
    for application in sorted({one.contract.application for one in running}):
        cells = []
        for environment in environments(running):
            one = there.get((application, environment))
            cells.append(
                Cell(environment, one.contract.version, _nanoseconds(one), one.by) if one else Cell(environment)
            )
        found.append(Row(application, tuple(cells)))
    return found


def answer(running: Sequence[Running]) -> str:
    """The page's sentence."""
    if not running:
        return "Nobody has recorded yet what runs where."
    applications = len({one.contract.application for one in running})
    places = len(environments(running))
    apart = sum(row.apart for row in rows(running))
    first = f"{applications} {_many(applications, 'application runs', 'applications run')} in {places} " + _many(
        places, "environment", "environments"
    )
    if not apart:
        return f"{first}; none runs different versions in two of them."
    return f"{first}; {apart} {_many(apart, 'runs', 'run')} different versions in two of them."


def _many(count: int, one: str, more: str) -> str:
    return one if count == 1 else more


def _nanoseconds(one: Running) -> int:
    return int(one.at.timestamp() * 1_000_000) * 1_000
