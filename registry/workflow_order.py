"""What the steps of a workflow say of their order: what each needs before it, and where that contradicts itself. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Protocol


class Ordered(Protocol):
    """As much of a step as its order takes, of a manifest's or of a definition's."""

    @property
    def after(self) -> Sequence[str]:
        """The steps that come before it."""

    @property
    def instead_of(self) -> str | None:
        """The step for which it stands in; None or "" if there is none."""


def needs(step: Ordered, steps: Mapping[str, Ordered]) -> Collection[str]:
    """The steps that it says it comes after; of one that stands in for another that other too, whose place it has."""
    return {name for one in step.after for name in chain_of(one, steps) if name in steps}


def chain_of(name: str, steps: Mapping[str, Ordered]) -> Sequence[str]:
    """A step, the one for which it stands in, the one for which that does, and so on."""
    chain = [name]
    while (step := steps.get(chain[-1])) and step.instead_of and step.instead_of not in chain:
        chain.append(step.instead_of)
    return chain


def circle_of_stand_ins(steps: Mapping[str, Ordered]) -> Sequence[str]:
    """Steps of which each stands in for the next and the last for the first; empty if there are none."""
    return _circle({name: [step.instead_of] if step.instead_of else [] for name, step in steps.items()})


def circle_of_steps(steps: Mapping[str, Ordered]) -> Sequence[str]:
    """Steps of which each comes after the next and the last after the first; empty if there are none."""
    return _circle({name: needs(step, steps) for name, step in steps.items()})


def own_kind(steps: Mapping[str, Ordered]) -> Iterator[tuple[str, str]]:
    """(step, other) where a step comes after another that is as good as it, so that only one of them need come."""
    for name, step in steps.items():
        for other in step.after:
            if other != name and chain_of(name, steps)[-1] == chain_of(other, steps)[-1]:
                yield name, other


def _circle(before: Mapping[str, Collection[str]]) -> Sequence[str]:
    others = {name: [one for one in names if one != name] for name, names in before.items()}
    try:
        TopologicalSorter(others).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[:0:-1]
    return []
