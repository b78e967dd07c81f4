"""The right order of a workflow's steps, as its definition has it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from collectors.workflows.definition import Definition, Step
from registry.workflow_order import needs


def expected(definition: Definition) -> tuple[Step, ...]:
    """The steps that an object is to reach if all goes well, in their declared order.

    Not those that it may do without, that stand in for another, or that tell of a failure, an end or a new beginning.
    """
    aside = definition.fails | definition.cancels | definition.reopens
    return tuple(
        step
        for step in definition.steps
        if not step.optional and not step.instead_of and step.name not in aside and step.match.status != "error"
    )


def before(definition: Definition) -> Mapping[str, frozenset[str]]:
    """Step -> all steps that come before it.

    ``after`` says so, and counts for more than the place where a step is declared; a step that is expected and says nothing
    comes after all expected ones that are declared before it, and one that stands in for another where that one does.
    Any other has no place.
    """
    direct: dict[str, frozenset[str]] = {}
    passed: list[str] = []
    plain = {step.name for step in expected(definition)}
    for step in _in_line(definition):
        if step.after:
            direct[step.name] = frozenset(step.after)
        elif step.name in plain:
            direct[step.name] = frozenset(passed)
        if step.name in plain:
            passed.append(step.name)
    steps = {step.name: step for step in definition.steps}
    for step in definition.steps:
        if step.instead_of and not step.after:
            direct[step.name] = direct.get(_stands_for(step, steps).name, frozenset())
    return {step.name: _all_before(step.name, direct) for step in definition.steps}


def _in_line(definition: Definition) -> Sequence[Step]:
    """The steps as they are declared, but none before one that it says it comes after."""
    steps = {step.name: step for step in definition.steps}
    places = {name: place for place, name in enumerate(steps)}
    line = TopologicalSorter({name: needs(step, steps) for name, step in steps.items()})
    try:
        line.prepare()
    except CycleError:  # an old definition: by now they are refused
        return definition.steps
    found: list[Step] = []
    waiting: list[str] = []
    while line.is_active():
        waiting += line.get_ready()
        first = min(waiting, key=places.__getitem__)
        waiting.remove(first)
        found.append(steps[first])
        line.done(first)
    return found


def _stands_for(step: Step, steps: Mapping[str, Step]) -> Step:
    """The step whose place in the order it takes: it, or what it stands in for, itself or through others."""
    seen = {step.name}
    while not step.after and step.instead_of in steps and step.instead_of not in seen:
        step = steps[step.instead_of]
        seen.add(step.name)
    return step


def stand_ins(definition: Definition) -> Mapping[str, frozenset[str]]:
    """Step -> those that are as good as it, itself among them."""
    groups: dict[str, set[str]] = {step.name: {step.name} for step in definition.steps}
    for step in definition.steps:
        if step.instead_of:
            merged = groups[step.name] | groups.get(step.instead_of, {step.instead_of})
            groups |= dict.fromkeys(merged, merged)
    return {name: frozenset(group) for name, group in groups.items()}


def _all_before(step: str, direct: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Those before it, directly or through others; a circle of declarations puts a step not before itself."""
    found: set[str] = set()
    waiting = set(direct.get(step, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting |= direct.get(one, frozenset())
    return frozenset(found - {step})
