"""What is odd about a timeline: a function of the set of its milestones. Words for it are found elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from collectors.timelines import money
from collectors.timelines.abridged import joins_too_much
from collectors.timelines.model import Instance, Key, Milestone, Money, Settlement, Status
from collectors.timelines.times import NANOSECONDS
from collectors.workflows import order
from collectors.workflows.definition import Definition

#: failed: was tried and has not worked (or is a failure itself). retried: worked after attempts that failed. done again:
#: happened more often than it should, and left other ids. reported again: the same, with the same ids. out of order:
#: is stamped before a step that comes before it. clocks differ: the same by so little that two systems' clocks seem to be
#: why. clock ahead: is stamped after it came. arrived late: came when later ones were here, so that figures were computed again. instead: stands in for another
#: step. skipped: was not reached although a later one was. amount unread: states an amount that can't be read.
#: part settled: parts came to less than the amount, ``money`` being what is open. over settled: to ``money`` more. not added
#: up: milestones that settle nothing, since they state no part in the currency of the amount, which is ``money``; or since
#: no amount is known; or since ``count`` is more than are at hand.
#: very long: has so many milestones that only the first and the last of each step are looked at, ``ids`` being the key that
#: joins too much, if one does.
Kind = Literal[
    "failed",
    "retried",
    "done again",
    "reported again",
    "out of order",
    "clocks differ",
    "clock ahead",
    "arrived late",
    "instead",
    "skipped",
    "amount unread",
    "part settled",
    "over settled",
    "not added up",
    "very long",
]
#: Up to this length a step that is stamped before its predecessor points to clocks that differ.
CLOCK_SKEW = 5 * 60 * NANOSECONDS
#: By how much one milestone must arrive behind another that happened later, or before its own time, to be told.
LATE = 60 * NANOSECONDS


@dataclass(frozen=True, slots=True)
class Remark:
    """One oddity.

    ``step`` is what it is about, ``other`` the step that it is compared with ("" if none), ``gap`` nanoseconds between
    the two, ``count`` how often it happened or was tried, ``ids`` those that differ, ``money`` what it is about; ``facts`` are
    the milestones that show it, the first of them first.
    """

    kind: Kind
    step: str
    facts: tuple[Milestone, ...]
    other: str = ""
    gap: int = 0
    count: int = 0
    ids: tuple[tuple[str, tuple[str, ...]], ...] = ()
    money: Money | None = None

    @property
    def at(self) -> int:
        """When what it is about happened."""
        return min(fact.occurred_at for fact in self.facts)


def remarks(definition: Definition, instance: Instance) -> tuple[Remark, ...]:
    """All that is odd about an instance with its milestones, by time."""
    by_step: dict[str, list[Milestone]] = {}
    for fact in instance.milestones:
        by_step.setdefault(fact.step, []).append(fact)
    counts = instance.counts
    main = {step: standing(facts) for step, facts in by_step.items()}
    placed = {step: one for step, facts in by_step.items() if (one := _in_place(definition, instance, step, facts))}
    reached = {step: fact for step, fact in placed.items() if fact.status == "ok" and step in instance.reached}
    places = order.before(definition)
    found = [
        *_attempts(by_step, main, counts),
        *_again(definition, by_step, counts),
        *_out_of_order(placed, places, order.stand_ins(definition)),
        *_ahead(main.values()),
        *_late(instance.milestones, main.values()),
        *_instead(definition, reached),
        *_skipped(definition, reached, places, by_step),
        *_unread(by_step),
        *(_settled(instance, instance.settlement) if instance.settlement else ()),
        *_long(instance),
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.step, one.kind)))


def standing(facts: Sequence[Milestone]) -> Milestone:
    """The milestone that stands for a step: the first that worked, else the last attempt; ``facts`` are in order."""
    return next((fact for fact in facts if fact.status == "ok"), facts[-1])


def _in_place(definition: Definition, instance: Instance, step: str, facts: Sequence[Milestone]) -> Milestone | None:
    """The milestone that has the step's place in the order: of parts the one with which all was settled, if all was."""
    done = [fact for fact in facts if fact.status == "ok"]
    if step not in definition.settling or not done:
        return standing(facts)
    at = instance.reached.get(step)
    return None if at is None else next((fact for fact in done if fact.occurred_at >= at), done[-1])


def to_come(definition: Definition, reached: Collection[str]) -> tuple[str, ...]:
    """The expected steps that were not reached, nor any that is as good, in the workflow's order."""
    good = order.stand_ins(definition)
    return tuple(step.name for step in order.expected(definition) if not good[step.name] & set(reached))


def _attempts(
    by_step: Mapping[str, Sequence[Milestone]],
    main: Mapping[str, Milestone],
    counts: Mapping[tuple[str, Status], int],
) -> Iterator[Remark]:
    for step, fact in main.items():
        failures = [one for one in by_step[step] if one.status == "error"]
        count = counts.get((step, "error"), len(failures))
        if fact.status == "error":
            yield Remark("failed", step, (fact, *(one for one in failures if one is not fact)), count=count)
        elif failures:
            yield Remark("retried", step, (fact, *failures), count=count)


def _long(instance: Instance) -> Iterator[Remark]:
    if instance.total > len(instance.milestones):
        key = joins_too_much(instance.milestones)
        ids = ((key.type, (key.value,)),) if key else ()
        first = instance.milestones[0]
        yield Remark("very long", first.step, (first,), count=instance.total, ids=ids)


def _again(
    definition: Definition,
    by_step: Mapping[str, Sequence[Milestone]],
    counts: Mapping[tuple[str, Status], int],
) -> Iterator[Remark]:
    repeatable = {step.name for step in definition.steps if step.repeatable}
    for step, facts in by_step.items():
        done = tuple(fact for fact in facts if fact.status == "ok")
        if len(done) > 1 and step not in repeatable:
            ids, gap = _different(done), done[-1].occurred_at - done[0].occurred_at
            count = counts.get((step, "ok"), len(done))
            yield Remark("done again" if ids else "reported again", step, done, gap=gap, count=count, ids=ids)


def _different(facts: Sequence[Milestone]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Kinds of id of which the milestones have several values."""
    values: dict[str, set[Key]] = {}
    for fact in facts:
        for key in fact.keys:
            values.setdefault(key.type, set()).add(key)
    return tuple(
        (kind, tuple(sorted(key.value for key in keys))) for kind, keys in sorted(values.items()) if len(keys) > 1
    )


def _out_of_order(
    main: Mapping[str, Milestone], places: Mapping[str, frozenset[str]], good: Mapping[str, frozenset[str]]
) -> Iterator[Remark]:
    for step, fact in main.items():
        late = []
        for earlier in places.get(step, ()):
            # What stands in for the earlier one may have a place of its own, behind this step.
            others = [one for one in good[earlier] - {step} if one in main and step not in places.get(one, ())]
            done = [main[one] for one in others if main[one].status == "ok"]
            if done and min(done).occurred_at > fact.occurred_at:
                late.append(min(done))
        if late:
            other = min(late)
            gap = other.occurred_at - fact.occurred_at
            skewed = gap <= CLOCK_SKEW and other.system != fact.system
            yield Remark("clocks differ" if skewed else "out of order", step, (fact,), other.step, gap)


def _ahead(main: Collection[Milestone]) -> Iterator[Remark]:
    for fact in main:
        gap = fact.occurred_at - fact.observed_at
        if fact.observed_at and gap > LATE:
            yield Remark("clock ahead", fact.step, (fact,), gap=gap)


def _late(facts: Sequence[Milestone], main: Collection[Milestone]) -> Iterator[Remark]:
    for fact in main:
        later = [one for one in facts if one.occurred_at > fact.occurred_at and one.observed_at]
        if later and fact.observed_at:
            first = min(later, key=lambda one: (one.observed_at, one))
            gap = fact.observed_at - first.observed_at
            if gap > LATE:
                yield Remark("arrived late", fact.step, (fact,), first.step, gap)


def _unread(by_step: Mapping[str, Sequence[Milestone]]) -> Iterator[Remark]:
    for step, facts in by_step.items():
        unread = tuple(fact for fact in facts if money.unread(fact.amount, fact.currency))
        if unread:
            yield Remark("amount unread", step, unread, count=len(unread))


def _settled(instance: Instance, found: Settlement) -> Iterator[Remark]:
    parts = tuple(fact for fact in instance.milestones if fact.identity in found.parts)
    if parts and found.open is not None and found.open.value:
        kind: Kind = "over settled" if found.covered else "part settled"
        left = found.open._replace(value=found.open.value.copy_abs()) if found.covered else found.open
        yield Remark(kind, parts[0].step, parts, count=len(parts), money=left)
    yield from _repeated(found)
    if found.total is None and instance.amount is not None:
        if found.left_out:
            count = sum(instance.counts.get((step, "ok"), 0) for step in {fact.step for fact in found.left_out})
            yield Remark("not added up", found.left_out[0].step, found.left_out, count=count, money=instance.amount)
        return
    by_step: dict[str, list[Milestone]] = {}
    for fact in found.left_out:
        # What can't be read is told as such.
        if found.total is None or not money.unread(fact.amount, fact.currency):
            by_step.setdefault(fact.step, []).append(fact)
    for step, facts in by_step.items():
        yield Remark("not added up", step, tuple(facts), count=len(facts), money=instance.amount)


def _repeated(found: Settlement) -> Iterator[Remark]:
    """Parts that one step reported more than once; that two systems tell of one payment is as it should be."""
    again: dict[Milestone, list[Milestone]] = {}
    for fact, counted in found.repeated:
        if fact.step == counted.step:
            again.setdefault(counted, []).append(fact)
    for counted, facts in again.items():
        gap = facts[-1].occurred_at - counted.occurred_at
        yield Remark("reported again", counted.step, (counted, *facts), gap=gap, count=1 + len(facts))


def _instead(definition: Definition, reached: Mapping[str, Milestone]) -> Iterator[Remark]:
    for step in definition.steps:
        if step.instead_of and step.name in reached and step.instead_of not in reached:
            yield Remark("instead", step.name, (reached[step.name],), step.instead_of)


def _skipped(
    definition: Definition,
    reached: Mapping[str, Milestone],
    places: Mapping[str, frozenset[str]],
    told: Collection[str],
) -> Iterator[Remark]:
    for step in to_come(definition, reached):
        if step in definition.settling and step in told:
            continue  # It is not missing: what came of it is told by the part that is open.
        later = [fact for name, fact in reached.items() if step in places.get(name, ())]
        if later:
            first = min(later)
            yield Remark("skipped", step, (first,), first.step)
