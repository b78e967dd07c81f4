"""When deals are won and invoices finalised: the shape of a month, a week and an office day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from controlplane.demo.company import Entity
from controlplane.demo.dice import Dice
from controlplane.demo.model import DAY, HOUR
from controlplane.demo.world import day_of_month, weekday

#: Expected numbers of a plain day of the whole company, before weekends and peaks.
ORDERS_A_DAY = 26.0
RENEWALS_A_DAY = 66.0
_FRIDAY = 4
#: Subscriptions renew on the day of the month on which they began, and many began on the first or the fifteenth.
_RENEWAL_PEAKS: Mapping[int, float] = {1: 5.0, 2: 1.8, 15: 2.2}
#: Share of an office day by its hour; deals are closed before the evening, machines bill at night as well.
_OFFICE = dict(enumerate((0, 0, 0, 0, 0, 0, 1, 3, 8, 12, 14, 13, 8, 11, 13, 14, 14, 11, 6, 2, 1, 0, 0, 0)))
_MACHINE = dict(enumerate((9, 7, 5, 4, 3, 3, 3, 4, 5, 6, 6, 6, 5, 5, 5, 5, 5, 4, 4, 3, 3, 3, 3, 3)))


def orders(dice: Dice, entity: Entity, day: int) -> Iterator[int]:
    """Times at which deals are won on the day that begins at ``day`` (UTC midnight)."""
    mean = ORDERS_A_DAY * entity.share * (1.0 if weekday(day) <= _FRIDAY else 0.06)
    return _moments(dice, entity, day, mean, _OFFICE)


def renewals(dice: Dice, entity: Entity, day: int) -> Iterator[int]:
    """Times at which invoices of standing customers are finalised on that day."""
    mean = RENEWALS_A_DAY * entity.share * _RENEWAL_PEAKS.get(day_of_month(day), 0.85)
    return _moments(dice, entity, day, mean, _MACHINE)


def _moments(dice: Dice, entity: Entity, day: int, mean: float, hours: Mapping[int, float]) -> Iterator[int]:
    for _ in range(dice.count(mean)):
        hour = (dice.pick(hours) - entity.utc_offset) % 24
        yield day + hour * HOUR + dice.randrange(HOUR)


def days(start: int, end: int) -> range:
    """The midnights (UTC) of all days that [start, end) touches."""
    return range(start // DAY * DAY, end, DAY)
