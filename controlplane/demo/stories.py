"""All stories of the company: those that began in the past, and those that go on beginning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from controlplane.demo.company import ENTITIES, Entity, customer, standing_customer
from controlplane.demo.invoices import invoice_story
from controlplane.demo.model import SECOND, Story
from controlplane.demo.orders import order_stories
from controlplane.demo.rhythm import days, orders, renewals
from controlplane.demo.world import World

#: 2021-01-04, when the company wrote its first number. Numbers grow with time, one for every four seconds.
_FOUNDED = 1_609_718_400 * SECOND
_NUMBER_EVERY = 4 * SECOND
_STANDING_CUSTOMERS = 2_200
#: Mean seconds between two beginnings in live traffic, and the share of them that are orders.
LIVE_GAP = 4.5
LIVE_ORDERS = 0.12


class Beginning(NamedTuple):
    """The moment at which a story begins."""

    at: int
    entity: Entity
    is_order: bool


def history(world: World) -> list[Story]:
    """Every story that began in the world's days, in the order in which they began."""
    found = list[Story]()
    number = 0
    for beginning in sorted(_beginnings(world), key=lambda one: (one.at, one.entity.code)):
        number = next_number(number, beginning.at)
        found.extend(_told(world, number, beginning))
    return found


def live(world: World) -> Iterator[tuple[int, tuple[Story, ...]]]:
    """Moments after the world's ``now``, without end and in order, each with the stories that it brings about."""
    dice = world.dice("live", world.now)
    at, number = world.now, 0
    shares = {code: entity.share for code, entity in ENTITIES.items()}
    while True:
        at += int(dice.expovariate(1 / LIVE_GAP) * SECOND)
        number = next_number(number, at)
        beginning = Beginning(at, ENTITIES[dice.pick(shares)], is_order=dice.chance(LIVE_ORDERS))
        yield at, _told(world, number, beginning)


def next_number(previous: int, at: int) -> int:
    """A number that no other story of the company has: it grows with time and skips what is taken."""
    return max(previous + 1, (at - _FOUNDED) // _NUMBER_EVERY)


def _told(world: World, number: int, beginning: Beginning) -> tuple[Story, ...]:
    dice = world.dice("who", number)
    if beginning.is_order:
        return order_stories(world, number, customer(dice, beginning.entity), beginning.at)
    standing = dice.randrange(round(_STANDING_CUSTOMERS * beginning.entity.share))
    who = standing_customer(world.seed, beginning.entity, standing)
    return (invoice_story(world, number, who, beginning.at),)


def _beginnings(world: World) -> list[Beginning]:
    found = list[Beginning]()
    for day in days(world.start, world.now):
        for entity in ENTITIES.values():
            dice = world.dice("day", day, entity.code)
            found.extend(Beginning(at, entity, is_order=True) for at in orders(dice, entity, day))
            found.extend(Beginning(at, entity, is_order=False) for at in renewals(dice, entity, day))
    return [beginning for beginning in found if world.start <= beginning.at < world.now]
