"""From an instance to what its timeline tells: pure, with ``now`` as an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from collectors.timelines.model import Instance, Milestone, Settlement
from collectors.timelines.remarks import remarks as find_remarks
from collectors.timelines.remarks import to_come
from collectors.timelines.settling import part_of
from collectors.workflows.definition import Definition
from policies.slas.model import Sla, Verdict
from policies.slas.revised import revisions
from ui import format as fmt
from ui import urls, words
from ui.charts.timeline import remarks, revised
from ui.charts.timeline.model import Dot, Due, Hop, Kind, Lane, Story
from ui.naming import step_title

#: A hop is slow when hardly any other took as long, when it took twice the usual, and long enough to matter.
_SLOW_FACTOR, _SLOW_AT_LEAST = 2, 10 * fmt.SECOND


class Usual(NamedTuple):
    """What a hop's length usually is, and the length that only one in twenty passes; nanoseconds."""

    middle: int
    high: int


Habits = Mapping[tuple[str, str], Usual]


def tell(
    instance: Instance,
    definition: Definition,
    promises: Sequence[tuple[Sla, Verdict]],
    now: int,
    *,
    system_title: Callable[[str], str] = words.title,
    usual: Habits | None = None,
    slas: Sequence[Sla] = (),
) -> Story:
    """The story of one instance.

    Args:
        instance: with its milestones.
        definition: its workflow, for titles, order and what is still to come.
        promises: the SLAs that have begun, each with its verdict.
        now: nanoseconds.
        system_title: what people call a system.
        usual: (step, step) -> the usual length of that hop.
        slas: all of the workflow, for what late milestones changed.
    """
    titles = {step.name: step_title(step) for step in definition.steps}
    homes = {step.name: step.system for step in definition.steps}
    waits = [promise for promise in promises if promise[1].state in ("pending", "overdue")]
    places = {step.name: place for place, step in enumerate(definition.steps)}
    facts = sorted(instance.milestones, key=lambda fact: (fact.occurred_at, places.get(fact.step, len(places))))
    systems = list(dict.fromkeys(fact.system for fact in facts))
    systems += [home for sla, _ in waits if (home := homes.get(sla.end)) and home not in systems]
    lanes = {system: place for place, system in enumerate(dict.fromkeys(systems))}
    dots = [_dot(fact, lanes[fact.system], titles, _part(definition, fact, instance.settlement)) for fact in facts]
    main, beside = _sort_out(dots, definition, instance)
    path = [replace(dot, kind=_ending(dot, promises)) for dot in main]
    story = Story(
        lanes=tuple(Lane(system, system_title(system)) for system in lanes),
        path=tuple(path),
        beside=tuple(beside),
        awaited=tuple(_awaited(sla, verdict, titles, lanes, homes) for sla, verdict in waits),
        hops=tuple(_hops(path, usual or {})),
        dues=tuple(_due(sla, verdict, now) for sla, verdict in promises),
        now=now if waits or instance.state == "running" else None,
        missing=_missing(definition, instance),
    )
    errors = {step.name for step in definition.steps if step.match.status == "error"}

    seen = homes | {fact.step: fact.system for fact in instance.milestones}

    def named(step: str) -> str:
        return remarks.called(titles.get(step) or words.title(step), system_title(seen[step]))

    changed = revised.findings(
        revisions(definition, slas, instance), named, {sla.name: sla.title or words.title(sla.name) for sla in slas}
    )
    told = remarks.annotate(story, find_remarks(definition, instance), named, errors, changed)
    return replace(told, beside=tuple(_thin(told.beside)))


def _part(definition: Definition, fact: Milestone, settlement: Settlement | None) -> str:
    """What it settles of the amount, below zero if it takes back; "" if nothing."""
    counts = settlement is not None and fact.identity in settlement.parts
    part = part_of(definition, fact) if counts else None
    return fmt.money(part) if part else ""


def _dot(fact: Milestone, lane: int, titles: Mapping[str, str], part: str) -> Dot:
    href = urls.trace(fact.trace_id, fact.span_id) if fact.trace_id else None
    return Dot(
        step=fact.step,
        title=titles.get(fact.step) or words.title(fact.step),
        lane=lane,
        at=fact.occurred_at,
        kind="attempt" if fact.status == "error" else "done",
        href=href,
        message=fact.message or part,
        error_type=fact.error_type,
        source=fact.name or fact.service,
        keys=fact.keys,
        fact=fact.identity,
    )


def _sort_out(dots: Iterable[Dot], definition: Definition, instance: Instance) -> tuple[list[Dot], list[Dot]]:
    """The dot that stands for each step, and what stands beside: attempts before it, repetitions after it, and parts.

    For a step that settles parts it is the one that came up to the amount; none before all is settled.
    """
    repeatable = {step.name for step in definition.steps if step.repeatable}
    repeated = instance.settlement.repeated if instance.settlement else ()
    again = {fact.identity for fact, counted in repeated if fact.step == counted.step}
    by_step: dict[str, list[Dot]] = {}
    for dot in dots:
        by_step.setdefault(dot.step, []).append(dot)
    main: list[Dot] = []
    beside: list[Dot] = []
    for step, group in by_step.items():
        done = [dot for dot in group if dot.kind == "done"]
        settling = step in definition.settling
        chosen = _all_settled(done, instance.reached.get(step)) if settling and done else (done[:1] or group[-1:])
        main += chosen if done else [replace(dot, kind="failed") for dot in chosen]
        # A refund is whole in itself: another one is no part of it.
        part = settling and not definition.goes_back(step)
        once_more: Kind = "part" if part else "more" if step in repeatable else "again"
        for dot in group:
            if dot not in chosen:
                kind = dot.kind if dot.kind != "done" else "again" if dot.fact in again else once_more
                beside.append(replace(dot, kind=kind))
    return sorted(main, key=lambda dot: dot.at), sorted(beside, key=lambda dot: dot.at)


def _all_settled(done: Sequence[Dot], at: int | None) -> Sequence[Dot]:
    """The dot of a settling step with which all is settled, or the last before another step's part did it."""
    return [] if at is None else [next((dot for dot in done if dot.at >= at), done[-1])]


def _thin(dots: Sequence[Dot]) -> Iterable[Dot]:
    """A sender that tries thousands of times is still one story: the first and the last of each kind and step."""
    groups: dict[tuple[str, str], list[Dot]] = {}
    for dot in dots:
        groups.setdefault((dot.step, dot.kind), []).append(dot)
    end = remarks.SHOWN_AT_EACH_END
    kept = (
        dot for group in groups.values() for dot in (group if len(group) <= 2 * end else group[:end] + group[-end:])
    )
    return sorted(kept, key=lambda dot: dot.at)


def _ending(dot: Dot, promises: Sequence[tuple[Sla, Verdict]]) -> Kind:
    states = {verdict.state for sla, verdict in promises if sla.end == dot.step and verdict.seconds is not None}
    if dot.kind != "done" or not states:
        return dot.kind
    return "late" if "breached" in states else "met"


def _awaited(
    sla: Sla, verdict: Verdict, titles: Mapping[str, str], lanes: Mapping[str, int], homes: Mapping[str, str]
) -> Dot:
    return Dot(
        step=sla.end,
        title=titles.get(sla.end) or words.title(sla.end),
        lane=lanes.get(homes.get(sla.end, ""), 0),
        at=verdict.due_at,
        kind="overdue" if verdict.state == "overdue" else "awaited",
    )


def _hops(path: Sequence[Dot], usual: Habits) -> Iterable[Hop]:
    for place, (start, end) in enumerate(pairwise(path)):
        length = end.at - start.at
        typical = usual.get((start.step, end.step))
        slow = typical is not None and length > max(typical.high, _SLOW_FACTOR * typical.middle, _SLOW_AT_LEAST)
        yield Hop(place, place + 1, length, typical.middle if typical else None, slow)


def _due(sla: Sla, verdict: Verdict, now: int) -> Due:
    title = sla.title or words.title(sla.name)
    limit = fmt.duration(sla.within)
    if verdict.seconds is not None and verdict.seconds < 0:
        told = f"reached {fmt.duration(-round(verdict.seconds * fmt.SECOND))} before it began, by the systems' clocks"
    elif verdict.seconds is not None:
        spare = sla.within - round(verdict.seconds * fmt.SECOND)
        told = f"{fmt.duration(spare)} to spare" if spare >= 0 else f"missed by {fmt.duration(-spare)}"
    elif verdict.state == "pending":
        told = f"due in {fmt.duration(verdict.due_at - now)}"
    else:
        told = f"overdue by {fmt.duration(now - verdict.due_at)}" if verdict.state == "overdue" else "never reached"
    return Due(sla.name, title, limit, verdict.due_at, verdict.state, told)


def _missing(definition: Definition, instance: Instance) -> tuple[str, ...]:
    """Titles of the steps that are still to come, in the workflow's order; none once it has ended."""
    if instance.state != "running":
        return ()
    titles = {step.name: step_title(step) for step in definition.steps}
    return tuple(titles[step] for step in to_come(definition, instance.reached))
