"""What an object relates to, as the timeline's page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors.timelines.model import Instance, Money
from collectors.timelines.related import Relation
from collectors.workflows.definition import Definition
from ui import naming, urls, words


@dataclass(frozen=True, slots=True)
class Row:
    """Another object."""

    name: str
    href: str
    state: str
    started_at: int
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Group:
    """Objects that are related in one way: "Belongs to order", "Has 12 invoices", "Shares subscription sub_1 with ..."."""

    heading: str
    rows: Sequence[Row]
    more: int


def groups(found: Iterable[Relation], workflows: Mapping[str, Definition]) -> list[Group]:
    """The groups in the order in which they were found, without workflows that are not declared any more."""
    shown: list[Group] = []
    for one in found:
        definition = workflows.get(one.workflow)
        if definition is not None:
            rows = [_row(other, definition) for other in one.instances]
            shown.append(Group(_heading(one, definition), rows, one.total - len(rows)))
    return shown


def _heading(one: Relation, definition: Definition) -> str:
    key = f"{words.noun(one.key.type)} {one.key.value}"
    if one.how == "belongs to":
        return f"Belongs to {words.one(definition.object)} by {key}"
    number = words.quantity(one.total, definition.object)
    return f"Has {number} by {key}" if one.how == "has" else f"Shares {key} with {number}"


def _row(other: Instance, definition: Definition) -> Row:
    return Row(
        name=naming.display_key(other, definition).value,
        href=urls.timeline(other.workflow, other.id),
        state=other.state,
        started_at=other.started_at,
        amount=other.amount,
    )
