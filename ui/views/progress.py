"""How far a changed definition has come with history, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.correlation.readings import Progress


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading on its way: weeks of history, then parts of what they came to; ``total`` is 0 until they are counted."""

    done: int
    total: int
    told: str


def of(building: Iterable[Progress], workflow: str) -> Reading | None:
    """The reading of a workflow that is being built, if there is one."""
    found = next((one for one in building if one.workflow == workflow), None)
    if found is None:
        return None
    if found.portions:
        return Reading(found.folded, found.portions, f"all read, {found.folded} of {found.portions} parts put together")
    told = f"{found.done} of {found.total} weeks" if found.total else "about to begin"
    return Reading(found.done, found.total, told)
