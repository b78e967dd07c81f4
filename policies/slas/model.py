"""The plain values of an SLA and of what is found when instances are held against it. Durations are nanoseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from collectors.timelines.model import Instance

SlaState = Literal["met", "breached", "pending", "overdue"]


@dataclass(frozen=True, slots=True)
class Sla:
    """At least ``objective`` (0 to 1) of the instances get from ``start`` to ``end`` ``within`` the limit.

    ``window`` is the period over which the objective is looked at, ``as_good`` the steps that stand in for ``end``.
    """

    name: str
    workflow: str
    start: str
    end: str
    within: int
    objective: float
    window: int
    title: str = ""
    owner: str = ""
    as_good: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One instance against one SLA.

    met: the end was reached in time; breached: reached too late, or the instance failed without reaching it and its
    time ran out; pending: there is time left; overdue: the time has run out and the end is still awaited. ``seconds``
    is None until the end is reached.
    """

    sla: str
    state: SlaState
    seconds: float | None
    due_at: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of instances comes to. Percentiles are seconds over those that reached the end, None if none did.

    ``backwards`` are those that reached the end before the start, by the times that their systems gave: they are met, and
    no length of time, so that they are in no percentile. ``attainment`` = met / (met + breached + overdue), None if nothing is decided yet. ``late`` sums the money of
    breached and overdue instances, ``waiting`` of overdue ones only, by currency.
    """

    count: int = 0
    met: int = 0
    breached: int = 0
    pending: int = 0
    overdue: int = 0
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None
    waiting: Mapping[str, Decimal] | None = None
    backwards: int = 0

    @property
    def attainment(self) -> float | None:
        """The share that was in time of all that is decided."""
        decided = self.met + self.breached + self.overdue
        return self.met / decided if decided else None


@dataclass(frozen=True, slots=True)
class Report:
    """An SLA over a period [start, end) of nanoseconds, by the time at which its first step was reached."""

    sla: Sla
    start: int
    end: int
    total: Figures
    groups: Mapping[str, Figures]
    series: Mapping[int, Figures]
    bucket: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An instance whose SLA is overdue (or late): since when, due when."""

    instance: Instance
    since: int
    due_at: int
    state: SlaState
    seconds: float | None
