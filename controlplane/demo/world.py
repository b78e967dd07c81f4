"""What the company lives through in the simulated days: incidents, slow hours and a clock that runs wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from controlplane.demo.company import Entity
from controlplane.demo.dice import Dice
from controlplane.demo.model import DAY, HOUR, MINUTE, SECOND, Sender

HUB = "integration-hub"
_SKEWED = Sender(HUB, 2)
_SKEW = -8 * SECOND
_SATURDAY = 5


class Window(NamedTuple):
    """From ``start`` until before ``end``, in nanoseconds."""

    start: int
    end: int

    def __contains__(self, at: object) -> bool:
        return isinstance(at, int) and self.start <= at < self.end


def weekday(at: int) -> int:
    """0 for Monday to 6 for Sunday, in UTC; the epoch was a Thursday."""
    return (at // DAY + 3) % 7


def workday_before(at: int, days: float) -> int:
    """Midnight (UTC) of the last working day that is at least ``days`` before."""
    day = int(at - days * DAY) // DAY * DAY
    while weekday(day) >= _SATURDAY:
        day -= DAY
    return day


@dataclass(frozen=True, slots=True)
class World:
    """The seed and the incidents, all placed relative to ``now`` so that every demo has them in view.

    ``outage``: NetSuite does not answer for an afternoon. ``tax_gap``: a renamed tax code makes it refuse German
    invoices. ``wrong_clock``: one of the hub's two machines runs eight seconds behind.
    """

    seed: int
    now: int
    start: int
    outage: Window
    tax_gap: Window
    wrong_clock: Window

    @classmethod
    def of(cls, seed: int, now: int, days: float) -> World:
        """The world of that many days before ``now``; in a short history the incidents move closer, but none lasts."""
        outage = workday_before(now - 17 * HOUR, min(14.0, days * 0.45))
        tax_gap = workday_before(now - 12 * HOUR, min(2.0, days * 0.1))
        wrong_clock = workday_before(now, min(9.0, days * 0.4))
        return cls(
            seed=seed,
            now=now,
            start=int(now - days * DAY),
            outage=Window(outage + 12 * HOUR + 40 * MINUTE, outage + 16 * HOUR + 55 * MINUTE),
            tax_gap=Window(tax_gap + 8 * HOUR, tax_gap + 12 * HOUR),
            wrong_clock=Window(wrong_clock, min(now, wrong_clock + 3 * DAY)),
        )

    def dice(self, *topic: object) -> Dice:
        """The chance of one topic."""
        return Dice.of(self.seed, *topic)

    def clock_error(self, sender: Sender, at: int) -> int:
        """Nanoseconds by which the sender's clock is off at that moment."""
        return _SKEW if sender == _SKEWED and at in self.wrong_clock else 0

    def erp_patience(self, entity: Entity, at: int) -> float:
        """By how much longer than usual a posting waits: slow entities, full queues at the start of a month."""
        return entity.slowness * (2.0 if day_of_month(at) == 1 else 1.0)

    def erp_failure(self, dice: Dice, at: int) -> str | None:
        """How a call to NetSuite fails for a passing reason, if it does: "timeout" or an HTTP status."""
        if at in self.outage:
            return dice.pick({"timeout": 0.6, "503": 0.4})
        if dice.chance(0.03):
            return dice.pick({"timeout": 0.5, "503": 0.2, "429": 0.3})
        return None


def day_of_month(at: int) -> int:
    """1 to 31, in UTC."""
    return datetime.fromtimestamp(at // SECOND, UTC).day
