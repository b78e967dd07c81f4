"""What late milestones changed: the state, the money and the verdicts that were shown until they came. Pure.

Nothing of it is stored. What was known before a milestone came are the milestones that came before it, and to fold and
judge these once more gives what was shown then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from collectors.timelines import money
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Milestone, Money
from collectors.timelines.remarks import LATE
from collectors.workflows.definition import Definition
from policies.slas.judge import judge
from policies.slas.model import Sla, Verdict

What = Literal["state", "amount", "settled", "dimension", "sla"]
#: So many late arrivals are looked at, the latest ones; each is folded twice.
MOST = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One figure before and after; None where there was none. ``name`` is the SLA's or the dimension's, "" else.

    Of an SLA the texts are the verdict's states, and ``seconds`` are from its first step to its last, before and after.
    """

    what: What
    name: str
    before: str | None
    after: str | None
    seconds: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Revision:
    """At ``at`` came ``facts``, which had happened long before, and changed what was shown.

    ``late`` is for how long they were missing here, in nanoseconds: since they had happened, or since anything was known
    of the object at all.
    """

    at: int
    facts: tuple[Milestone, ...]
    late: int
    changes: tuple[Change, ...]


def revisions(definition: Definition, slas: Iterable[Sla], instance: Instance) -> tuple[Revision, ...]:
    """By the time of arrival; none of an instance of which only some milestones are at hand, or whose arrivals are unknown."""
    facts = instance.milestones
    if instance.counts or not all(fact.observed_at for fact in facts):
        return ()
    own = sorted((sla for sla in slas if sla.workflow == instance.workflow), key=lambda sla: sla.name)
    first = min(fact.observed_at for fact in facts)
    arrivals: dict[int, list[Milestone]] = {}
    for fact in facts:
        if fact.observed_at - max(fact.occurred_at, first) > LATE:
            arrivals.setdefault(fact.observed_at, []).append(fact)
    found = (_revision(definition, own, facts, at, late, first) for at, late in sorted(arrivals.items())[-MOST:])
    return tuple(one for one in found if one.changes)


def _revision(
    definition: Definition,
    slas: Sequence[Sla],
    facts: Sequence[Milestone],
    at: int,
    late: Sequence[Milestone],
    first: int,
) -> Revision:
    before = fold(definition, [fact for fact in facts if fact.observed_at < at])
    after = fold(definition, [fact for fact in facts if fact.observed_at <= at])
    missing = max(at - max(fact.occurred_at, first) for fact in late)
    return Revision(at, tuple(late), missing, tuple(_changes(slas, before, after, at)))


def _changes(slas: Sequence[Sla], before: Instance, after: Instance, at: int) -> Iterator[Change]:
    if before.state != after.state:
        yield Change("state", "", before.state, after.state)
    if before.amount != after.amount:
        yield Change("amount", "", _text(before.amount), _text(after.amount))
    if (then := _settled(before)) != (now := _settled(after)):
        yield Change("settled", "", _text(then), _text(now))
    for name in sorted({*before.dimensions, *after.dimensions}):
        old, new = before.dimensions.get(name), after.dimensions.get(name)
        if old != new:
            yield Change("dimension", name, old, new)
    for sla in slas:
        then_, now_ = (judge(sla, one.reached, one.state, at) for one in (before, after))
        if _differ(then_, now_):
            yield Change(
                "sla",
                sla.name,
                None if then_ is None else then_.state,
                None if now_ is None else now_.state,
                (None if then_ is None else then_.seconds, None if now_ is None else now_.seconds),
            )


def _differ(before: Verdict | None, after: Verdict | None) -> bool:
    """Whether a report said otherwise than it should have; what was rightly open is no other answer."""
    if before is None:
        return after is not None and after.state != "pending"
    if before.state == "pending":
        return after is not None and after.state in ("breached", "overdue")
    return after is None or (before.state, before.seconds) != (after.state, after.seconds)


def _settled(one: Instance) -> Money | None:
    return one.settlement.total if one.settlement else None


def _text(amount: Money | None) -> str | None:
    return None if amount is None else f"{money.text(amount)} {amount.currency}"
