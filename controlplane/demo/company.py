"""Northwind Cloud: its entities, plans and customers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from controlplane.demo.dice import Dice

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity; ``share`` is its part of the business, ``utc_offset`` (hours) sets its office day.

    ``tax`` is what it adds to a net amount, ``subsidiary`` its number in NetSuite, ``slowness`` multiplies the time
    that its postings wait.
    """

    code: str
    region: str
    country: str
    currency: str
    tax: Decimal
    subsidiary: str
    utc_offset: int
    share: float
    slowness: float


ENTITIES = {
    entity.code: entity
    for entity in (
        Entity("US01", "AMER", "US", "USD", Decimal(0), "1", -6, 0.5, 1.0),
        Entity("DE01", "EMEA", "DE", "EUR", Decimal("0.19"), "2", 1, 0.32, 1.1),
        Entity("SG01", "APAC", "SG", "SGD", Decimal("0.09"), "3", 8, 0.18, 2.6),
    )
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sold: a monthly net price a seat, usual number of seats, and how often each is bought."""

    name: str
    price: Decimal
    seats: float
    weight: float


PLANS = {
    plan.name: plan
    for plan in (
        Plan("starter", Decimal("19.00"), 4, 0.38),
        Plan("team", Decimal("39.00"), 14, 0.34),
        Plan("business", Decimal("69.00"), 45, 0.2),
        Plan("enterprise", Decimal("99.00"), 180, 0.08),
    )
}
_FIRST = (
    *("Alder", "Amber", "Arbor", "Aster", "Atlas", "Aurora", "Birch", "Blue", "Bright", "Cedar", "Cobalt", "Copper"),
    *("Coral", "Delta", "Ember", "Falcon", "Fern", "Granite", "Harbor", "Hazel", "Indigo", "Iris", "Juniper", "Lark"),
    *("Linden", "Lumen", "Maple", "Meridian", "Nimbus", "North", "Ocean", "Olive", "Opal", "Orchid", "Pine", "Quartz"),
    *("Raven", "River", "Saffron", "Sierra", "Silver", "Slate", "Solar", "Spruce", "Summit", "Tidal", "Vega", "Willow"),
)
_SECOND = (
    *("Analytics", "Biotech", "Brewing", "Capital", "Care", "Consulting", "Design", "Dynamics", "Energy", "Foods"),
    *("Freight", "Health", "Instruments", "Labs", "Logistics", "Marine", "Media", "Mobility", "Networks", "Optics"),
    *("Partners", "Pharma", "Retail", "Robotics", "Security", "Software", "Studios", "Systems"),
)
_FORM = {"US": ("Inc.", "LLC", "Corp."), "DE": ("GmbH", "AG", "SE"), "SG": ("Pte. Ltd.",)}


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as each system knows it."""

    name: str
    entity: Entity
    plan: Plan
    seats: int
    pays_by_card: bool
    salesforce_account: str
    stripe_customer: str
    netsuite_customer: str
    stripe_subscription: str

    @property
    def net(self) -> Decimal:
        """A month's price before tax, in the entity's currency."""
        return self.plan.price * self.seats

    @property
    def gross(self) -> Decimal:
        """What a month's invoice says."""
        return (self.net * (1 + self.entity.tax)).quantize(CENT)


def salesforce_id(dice: Dice, prefix: str) -> str:
    """An id of 18 characters that begins with the object's prefix (001 account, 006 opportunity)."""
    return f"{prefix}5f0000{dice.letters(6)}AA{dice.letters(1)}"


def customer(dice: Dice, entity: Entity) -> Customer:
    """A customer of that entity; sizes are log-normal, the large ones rather pay by bank transfer."""
    plan = PLANS[dice.pick({plan.name: plan.weight for plan in PLANS.values()})]
    seats = max(1, round(plan.seats * dice.lognormvariate(0, 0.7)))
    name = f"{dice.choice(_FIRST)} {dice.choice(_SECOND)} {dice.choice(_FORM[entity.country])}"
    return Customer(
        name=name,
        entity=entity,
        plan=plan,
        seats=seats,
        pays_by_card=dice.chance(0.1 if plan.name == "enterprise" else 0.55),
        salesforce_account=salesforce_id(dice, "001"),
        stripe_customer=f"cus_{dice.letters(14)}",
        netsuite_customer=str(dice.randrange(20_000, 90_000)),
        stripe_subscription=f"sub_1{dice.letters(23)}",
    )


def standing_customer(seed: int, entity: Entity, number: int) -> Customer:
    """One of the customers that the entity has had for long: the same for the same number."""
    return customer(Dice.of(seed, "customer", entity.code, number), entity)
