"""Parts that add up to an amount: payments, credits and whatever else settles it. Pure.

What can't be added up completes nothing: where no amount is known, or so many parts that not all of them are at hand, an
object stays open and its timeline says why. Who is shown as paid has paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from collectors.timelines import money
from collectors.timelines.abridged import Group
from collectors.timelines.model import Key, Milestone, Money, Settlement
from collectors.workflows.definition import Definition

#: Whether it takes back, and an id: a refund that names the payment is not the payment once more.
_Known = tuple[bool, Key]


def settle(
    definition: Definition, told: Sequence[Milestone], counts: Mapping[Group, int], amount: Money | None
) -> Settlement | None:
    """What settling steps came to; None if the workflow has none.

    ``told`` are the milestones in time, each once, ``counts`` how many there are in all by step and status.
    """
    if not definition.settling:
        return None
    facts = tuple(fact for fact in told if fact.status == "ok" and fact.step in definition.settling)
    whole = len(facts) == sum(counts.get((step, "ok"), 0) for step in definition.settling)
    if amount is None or not whole:
        return Settlement(None, None, left_out=facts)
    total, zero = Decimal(0), Decimal(0)
    parts: list[Milestone] = []
    moments: dict[int, bool] = {}
    known: dict[_Known, Milestone] = {}
    left_out: list[Milestone] = []
    repeated: list[tuple[Milestone, Milestone]] = []
    first: dict[str, int] = {}
    for fact in facts:
        part = part_of(definition, fact)
        if part is None or part.currency != amount.currency:
            left_out.append(fact)
            continue
        first.setdefault(fact.step, fact.occurred_at)
        ids = [(part.value < zero, key) for key in _ids(fact, definition.settling[fact.step].once_per)]
        if (counted := next((known[key] for key in ids if key in known), None)) is not None:
            repeated.append((fact, counted))
            continue
        known |= dict.fromkeys(ids, fact)
        total = money.plus(total, part.value)
        parts.append(fact)
        # What happened at one moment has no order: the sum of all of it counts.
        moments[fact.occurred_at] = total >= amount.value if amount.value >= zero else total <= amount.value
    covered_at = next((at for at, covered in moments.items() if covered), None)
    return Settlement(
        total=Money(total, amount.currency),
        open=Money(money.plus(amount.value, total.copy_negate()), amount.currency),
        parts={fact.identity: moments[fact.occurred_at] for fact in parts},
        left_out=tuple(left_out),
        repeated=tuple(repeated),
        reached=_reached(definition, first, covered_at),
    )


def part_of(definition: Definition, fact: Milestone) -> Money | None:
    """What a milestone of a settling step settles, below zero if it takes back; None if that can't be read."""
    part = money.parse(fact.amount, fact.currency)
    if part is None or not definition.settling[fact.step].takes_back:
        return part
    return part._replace(value=part.value.copy_negate())


def _reached(definition: Definition, first: Mapping[str, int], covered_at: int | None) -> dict[str, int]:
    """When steps were reached whose first part came at ``first``: a refund with that, the rest with what covers all."""
    back = {step: at for step, at in first.items() if definition.goes_back(step)}
    if covered_at is None:
        return back
    return {step: max(at, covered_at) for step, at in first.items()} | back


def _ids(fact: Milestone, once_per: str) -> tuple[Key, ...]:
    """The ids by which a part is known to be the same as another."""
    return tuple(key for key in (*fact.keys, *fact.links) if key.type == once_per)
