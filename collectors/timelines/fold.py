"""From a set of milestones to an instance: pure, and blind to the order and the number of deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collectors.correlation.keys import key_hash
from collectors.timelines import money
from collectors.timelines.model import Instance, Milestone, Money, State
from collectors.workflows.definition import Definition


def fold(definition: Definition, milestones: Iterable[Milestone]) -> Instance:
    """The instance that these milestones make; they must be of one connected set and at least one.

    Raises:
        ValueError: there is no milestone.
    """
    facts = distinct(milestones)
    if not facts:
        raise ValueError("an instance needs at least one milestone")
    keys = tuple(sorted({key for fact in facts for key in fact.keys}))
    state, ended_at = _state(definition, facts)
    return Instance(
        id=min(key_hash(key) for key in keys).hex(),
        workflow=definition.workflow,
        state=state,
        started_at=facts[0].occurred_at,
        ended_at=ended_at,
        last_at=facts[-1].occurred_at,
        amount=_first_amount(facts),
        dimensions=_dimensions(facts),
        keys=keys,
        reached=_reached(facts),
        milestones=facts,
        errors=sum(fact.status == "error" for fact in facts),
    )


def distinct(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """One milestone per identity, sorted by (occurred_at, step, span_id).

    A sender may deliver one span in two versions; the smaller in a total order over all fields is kept, so that the
    choice does not depend on which came first.
    """
    kept: dict[tuple[str, str, str], Milestone] = {}
    for milestone in milestones:
        known = kept.get(milestone.identity)
        kept[milestone.identity] = milestone if known is None else min(known, milestone)
    return tuple(sorted(kept.values()))


def _reached(facts: tuple[Milestone, ...]) -> dict[str, int]:
    reached: dict[str, int] = {}
    for fact in facts:
        if fact.status == "ok":
            reached.setdefault(fact.step, fact.occurred_at)
    return dict(sorted(reached.items()))


def _terminal(definition: Definition, facts: tuple[Milestone, ...]) -> Iterator[tuple[State, int]]:
    for fact in facts:
        if fact.step in definition.completes and fact.status == "ok":
            yield "completed", fact.occurred_at
        elif fact.step in definition.fails:
            yield "failed", fact.occurred_at


def _state(definition: Definition, facts: tuple[Milestone, ...]) -> tuple[State, int | None]:
    """The last word counts (a failed payment may succeed later); it ended when that word was first said."""
    state: State = "running"
    ended_at: int | None = None
    for word, at in _terminal(definition, facts):
        if word != state:
            state, ended_at = word, at
    return state, ended_at


def _first_amount(facts: tuple[Milestone, ...]) -> Money | None:
    return next((found for fact in facts if fact.amount and (found := money.parse(fact.amount, fact.currency))), None)


def _dimensions(facts: tuple[Milestone, ...]) -> dict[str, str]:
    dimensions: dict[str, str] = {}
    for fact in facts:
        for name, value in fact.dimensions:
            dimensions.setdefault(name, value)
    return dict(sorted(dimensions.items()))
