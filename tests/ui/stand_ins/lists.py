"""What a filter lets through of a list, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from collectors.timelines.filtering import Filter
from collectors.timelines.model import Instance
from policies.slas.judge import judge
from tests.ui.stand_ins.company import POSTING


def way(one: Instance) -> list[str]:
    """The steps in the order in which they were reached."""
    return sorted(one.reached, key=lambda step: one.reached[step])


def passes(chosen: Filter, one: Instance) -> bool:
    """Whether a filter lets an instance through."""
    simple = [
        chosen.state in (None, one.state),
        chosen.since is None or one.started_at >= chosen.since,
        chosen.until is None or one.started_at < chosen.until,
        all(step in one.reached for step in chosen.steps),
        chosen.missing is None or chosen.missing not in one.reached,
        all(one.dimensions.get(name) == value for name, value in chosen.dimensions.items()),
        chosen.current is None or way(one)[-1:] == [chosen.current],
        set(chosen.hops) <= set(pairwise(way(one))),
        chosen.path is None or tuple(way(one)) == chosen.path,
        chosen.errors is None or bool(one.errors) == chosen.errors,
        chosen.error is None or any(chosen.error in fact.message for fact in one.milestones),
        chosen.error_type is None or chosen.error_type in one.error_types,
        chosen.unread is None or bool(one.unread_amounts) == chosen.unread,
        chosen.currency is None or (one.amount is not None and one.amount.currency == chosen.currency),
        chosen.least is None or (one.amount is not None and one.amount.value >= chosen.least),
        chosen.most is None or (one.amount is not None and one.amount.value <= chosen.most),
        chosen.heard_before is None or one.last_at < chosen.heard_before,
    ]
    if chosen.deadline is None:
        return all(simple)
    sla = replace(POSTING, start=chosen.deadline.start, end=chosen.deadline.end, within=chosen.deadline.within)
    verdict = judge(sla, one.reached, one.state, chosen.now)
    start = one.reached.get(sla.start, 0)
    dated = (chosen.deadline_since or 0) <= start < (chosen.deadline_until or 2**63)
    return all(simple) and verdict is not None and dated and chosen.deadline_state in (None, verdict.state)


def money(instances: Iterable[Instance]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for one in instances:
        if one.amount:
            sums[one.amount.currency] = sums.get(one.amount.currency, Decimal(0)) + one.amount.value
    return sums
