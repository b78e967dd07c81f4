"""The small types that the others are made of."""

from __future__ import annotations

from enum import Enum
from typing import Self

import strawberry

from collectors.timelines import money
from collectors.timelines.model import Money


@strawberry.enum(description="Where an instance is.")
class State(Enum):
    running = "running"
    completed = "completed"
    failed = "failed"
    cancelled = "cancelled"


@strawberry.type(description="An exact amount: decimal text and ISO 4217 currency.")
class Amount:
    value: str
    currency: str

    @classmethod
    def of(cls, amount: Money | None) -> Self | None:
        """From money."""
        return None if amount is None else cls(value=money.text(amount), currency=amount.currency)


@strawberry.type(description="One id of the object, as one system knows it.")
class Key:
    type: str
    value: str
