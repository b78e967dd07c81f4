"""What a person should look at in a workflow: amounts that can't be read, and instances that are very long.

The former, such as "12,50", count in no sum; the latter are mostly made by a key that joins too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.store.client import Store
from collectors.timelines.abridged import BOUND
from collectors.workflows.definition import Definition


@dataclass(frozen=True, slots=True)
class Unread:
    """So many milestones, of so many instances, stated an amount that can't be read; ``long`` instances are very long."""

    milestones: int
    instances: int
    long: int = 0


NONE = Unread(0, 0)


def unread_amounts(store: Store, definitions: Iterable[Definition]) -> dict[str, Unread]:
    """Workflow -> what can't be read there; only workflows in which there is any."""
    names = {one.id: one.workflow for one in definitions}
    if not names:
        return {}
    rows = store.query(
        "SELECT toString(definition), sum(unread_amounts), countIf(unread_amounts > 0), countIf(milestones > {bound:UInt32}) "
        "FROM instances_by_week FINAL WHERE definition IN {definitions:Array(String)} AND gone = 0 "
        "AND (unread_amounts > 0 OR milestones > {bound:UInt32}) GROUP BY definition",
        {"definitions": list(names), "bound": BOUND},
        settings={"do_not_merge_across_partitions_select_final": 1},
    )
    return {names[str(ident)]: Unread(int(amounts), int(objects), int(long)) for ident, amounts, objects, long in rows}
