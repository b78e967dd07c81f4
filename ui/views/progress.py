"""How far a changed definition has come with history, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from collectors.correlation.readings import Progress
from ui import format as fmt
from ui.services import Services


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading on its way: weeks of history, then parts of what they came to; ``total`` is 0 until they are counted."""

    done: int
    total: int
    told: str


def values(services: Services, workflow: str) -> dict[str, Any]:
    """What a page's template needs to say by which definition its figures were read."""
    return {"reading": of(services.building(), workflow), "answers": workflow in services.timelines().active()}


def of(building: Iterable[Progress], workflow: str) -> Reading | None:
    """The reading of a workflow that is being built, if there is one."""
    found = next((one for one in building if one.workflow == workflow), None)
    if found is None:
        return None
    if found.portions:
        told = f"all read, {found.folded} of {found.portions} parts put together"
        return Reading(found.folded, found.portions, told + _left(found))
    told = f"{found.done} of {found.total} weeks" if found.total else "about to begin"
    return Reading(found.done, found.total, told + _left(found))


def _left(one: Progress) -> str:
    """How long the stage at hand will still take, in words; "" where nobody can say."""
    return "" if one.seconds_left is None else f", about {fmt.duration(max(1, one.seconds_left) * fmt.SECOND)} left"
