"""From a set of milestones to an instance: pure, and blind to the order and the number of deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from operator import attrgetter

from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.keys import key_hash
from collectors.timelines import money
from collectors.timelines.abridged import BOUND, Abridged, Group, kept_of
from collectors.timelines.model import Instance, Milestone, Money, Settlement, State, Turn
from collectors.timelines.settling import settle
from collectors.workflows.definition import Definition

#: The first fields by which milestones compare; no two that differ in identity have all of them in common.
_PLACE = attrgetter("occurred_at", "step", "span_id", "trace_id")


def fold(definition: Definition, milestones: Iterable[Milestone], corrections: Corrections = NOTHING) -> Instance:
    """The instance that these milestones make; they must be of one connected set and at least one.

    Its keys are theirs, and those that are the same as one of them by what people said.

    Raises:
        ValueError: there is no milestone.
    """
    facts, counts, ident = _facts(milestones)
    keys = tuple(sorted(corrections.known_as({key for fact in facts for key in fact.keys})))
    told = _in_turn(definition, facts)
    amount = _first_amount(definition, told)
    settlement = settle(definition, told, counts, amount)
    history = _history(definition, told, settlement)
    state = history[-1].state
    return Instance(
        id=ident,
        workflow=definition.workflow,
        state=state,
        started_at=facts[0].occurred_at,
        ended_at=None if state == "running" else history[-1].at,
        last_at=facts[-1].occurred_at,
        amount=amount,
        dimensions=_dimensions(told),
        keys=keys,
        reached=_reached(definition, facts, settlement),
        milestones=facts,
        errors=sum(count for (_, status), count in counts.items() if status == "error"),
        counts=counts if sum(counts.values()) > len(facts) else {},
        links=tuple(sorted({link for fact in facts for link in fact.links})),
        history=history,
        error_types=tuple(sorted({fact.error_type for fact in facts if fact.error_type})),
        unread_amounts=sum(money.unread(fact.amount, fact.currency) for fact in facts),
        settlement=settlement,
    )


def _facts(milestones: Iterable[Milestone]) -> tuple[tuple[Milestone, ...], Mapping[Group, int], str]:
    """The milestones that are kept, how many there are in all by step and status, and the instance's id."""
    if isinstance(milestones, Abridged):
        return milestones.kept, milestones.counts, milestones.ident
    facts = distinct(milestones)
    if not facts:
        raise ValueError("an instance needs at least one milestone")
    ident = min(key_hash(key) for key in {key for fact in facts for key in fact.keys}).hex()
    kept, counts = kept_of(facts)
    return kept if len(facts) > BOUND else facts, counts, ident


def distinct(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    """One milestone per identity, sorted by (occurred_at, step, span_id).

    A sender may deliver one span in two versions; the smaller in a total order over all fields is kept, so that the
    choice does not depend on which came first.
    """
    kept: dict[tuple[str, str, str], Milestone] = {}
    for milestone in milestones:
        known = kept.get(milestone.identity)
        if known is None or (milestone, milestone.observed_at) < (known, known.observed_at):
            kept[milestone.identity] = milestone
    return tuple(sorted(kept.values(), key=_PLACE))


def _in_turn(definition: Definition, facts: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """By time, and of one time (many senders know whole seconds only) in the order in which steps are declared."""
    if all(one.occurred_at != other.occurred_at for one, other in pairwise(facts)):
        return facts
    places = {step.name: place for place, step in enumerate(definition.steps)}
    return tuple(sorted(facts, key=lambda fact: (fact.occurred_at, places.get(fact.step, -1))))


def _reached(definition: Definition, facts: tuple[Milestone, ...], settlement: Settlement | None) -> dict[str, int]:
    """Step -> when it was first reached: by what worked, or by a failure where that is what the step is about.

    A step that settles parts is reached when these came up to the amount, one that takes back when it did.
    """
    reached = dict(settlement.reached) if settlement else {}
    for fact in facts:
        if fact.step not in definition.settling and (fact.status == "ok" or fact.step in definition.failures):
            reached.setdefault(fact.step, fact.occurred_at)
    return dict(sorted(reached.items()))


def _says(definition: Definition, fact: Milestone, last: Turn, settlement: Settlement | None) -> State | None:
    """The state that a milestone puts its instance in; a failure counts whether or not its span was an error."""
    if fact.step in definition.fails:
        return "failed"
    if fact.status == "error":
        return None
    if settlement and fact.step in definition.settling:
        return _settles(definition, fact, last, settlement)
    if fact.step in definition.completes:
        return "completed"
    if fact.step in definition.cancels:
        return "cancelled"
    return "running" if fact.step in definition.reopens else None


def _settles(definition: Definition, fact: Milestone, last: Turn, settlement: Settlement) -> State | None:
    """What comes up to the amount completes, also for the parts before it; what takes back opens again what parts completed."""
    covered = settlement.parts.get(fact.identity)
    if covered:
        done = {step for step, at in settlement.reached.items() if at <= fact.occurred_at}
        return "completed" if not definition.goes_back(fact.step) and done & definition.completes else None
    paid = last.state == "completed" and last.step in definition.settling
    return "running" if covered is False and paid else None


def _history(definition: Definition, facts: tuple[Milestone, ...], settlement: Settlement | None) -> tuple[Turn, ...]:
    """The last word counts: a failed payment may succeed later, a paid invoice may be opened again.

    A state lasts from when it was first said until another one is; saying it again changes nothing.
    """
    turns = [Turn("running", facts[0].occurred_at, facts[0].step)]
    for fact in facts:
        state = _says(definition, fact, turns[-1], settlement)
        if state is not None and state != turns[-1].state:
            turns.append(Turn(state, fact.occurred_at, fact.step))
    return tuple(turns)


def _first_amount(definition: Definition, facts: tuple[Milestone, ...]) -> Money | None:
    """What is first said of the whole; what settles a part states only that."""
    whole = (fact for fact in facts if fact.amount and fact.step not in definition.settling)
    return next((found for fact in whole if (found := money.parse(fact.amount, fact.currency))), None)


def _dimensions(facts: tuple[Milestone, ...]) -> dict[str, str]:
    dimensions: dict[str, str] = {}
    for fact in facts:
        for name, value in fact.dimensions:
            dimensions.setdefault(name, value)
    return dict(sorted(dimensions.items()))
