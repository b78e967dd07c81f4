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

_Identity = tuple[str, str, str]


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
    parts: dict[_Identity, bool] = {}
    known: dict[Key, Milestone] = {}
    left_out: list[Milestone] = []
    repeated: list[tuple[Milestone, Milestone]] = []
    first: dict[str, int] = {}
    covered_at: int | None = None
    for fact in facts:
        part = money.parse(fact.amount, fact.currency)
        if part is None or part.currency != amount.currency:
            left_out.append(fact)
            continue
        first.setdefault(fact.step, fact.occurred_at)
        ids = _ids(fact, definition.settling[fact.step].once_per)
        if (counted := next((known[key] for key in ids if key in known), None)) is not None:
            repeated.append((fact, counted))
            continue
        known |= dict.fromkeys(ids, fact)
        total = money.plus(total, part.value)
        covered = total >= amount.value if amount.value >= zero else total <= amount.value
        parts[fact.identity] = covered
        if covered and covered_at is None:
            covered_at = fact.occurred_at
    return Settlement(
        total=Money(total, amount.currency),
        open=Money(money.plus(amount.value, total.copy_negate()), amount.currency),
        parts=parts,
        left_out=tuple(left_out),
        repeated=tuple(repeated),
        reached={} if covered_at is None else {step: max(at, covered_at) for step, at in first.items()},
    )


def _ids(fact: Milestone, once_per: str) -> tuple[Key, ...]:
    """The ids by which a part is known to be the same as another."""
    return tuple(key for key in (*fact.keys, *fact.links) if key.type == once_per)
