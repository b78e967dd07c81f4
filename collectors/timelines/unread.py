"""Amounts that senders stated and that can't be read, such as "12,50": they count in no sum, so they are counted here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.store.client import Store
from collectors.workflows.definition import Definition


@dataclass(frozen=True, slots=True)
class Unread:
    """So many milestones, of so many instances, stated an amount that can't be read."""

    milestones: int
    instances: int


NONE = Unread(0, 0)


def unread_amounts(store: Store, definitions: Iterable[Definition]) -> dict[str, Unread]:
    """Workflow -> what can't be read there; only workflows in which there is any."""
    names = {one.id: one.workflow for one in definitions}
    if not names:
        return {}
    rows = store.query(
        "SELECT toString(definition), sum(unread_amounts), count() FROM instances_by_week FINAL "
        "WHERE definition IN {definitions:Array(String)} AND gone = 0 AND unread_amounts > 0 GROUP BY definition",
        {"definitions": list(names)},
        settings={"do_not_merge_across_partitions_select_final": 1},
    )
    return {names[str(ident)]: Unread(int(milestones), int(instances)) for ident, milestones, instances in rows}
