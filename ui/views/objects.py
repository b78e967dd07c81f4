"""What the pages about canonical objects show, from plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.canon.findings import CatalogueFinding
from registry.canon.ids import id_types
from registry.canon.objects import CanonicalObject
from registry.canon.reading import Model
from registry.canon.records import FieldRecord, against, is_id, records
from registry.canon.states import faults, machines
from registry.mappings.coverage import covered
from registry.mappings.schema.view import Leaf
from ui import words
from ui.charts.states import drawing
from ui.views.mappings import object_href


@dataclass(frozen=True, slots=True)
class Row:
    """An object in the list."""

    name: str
    title: str
    href: str
    fields: int
    records: Sequence[str]
    systems: Sequence[str]
    unclaimed: int
    conflicts: int
    owner: str | None


def rows(model: Model) -> list[Row]:
    """Every object, by name."""
    titles = _titles(model)
    return [_row(model, one, titles) for one in model.objects.values()]


def _titles(model: Model) -> Mapping[str, str]:
    return {one.name: one.title for one in model.systems}


def _row(model: Model, one: CanonicalObject, titles: Mapping[str, str]) -> Row:
    held = records(one, model.systems)
    mapped = {
        mapping.spec.system.system or ""
        for mapping in model.mappings.values()
        if mapping.spec.canon.schema_ == one.schema.name
    }
    owners = dict.fromkeys(name for field in held for name in field.systems)
    return Row(
        one.name,
        one.title,
        object_href(one.name),
        len(one.view.leaves) if one.view else 0,
        [titles.get(name, name) for name in owners],
        [titles.get(name, name) for name in sorted(mapped)],
        sum(not field.claims for field in held),
        sum(bool(field.clashes) for field in held),
        one.schema.metadata.owner,
    )


def answer(found: Sequence[Row], findings: Sequence[CatalogueFinding]) -> str:
    """The sentence that the list begins with."""
    if not found:
        return "No canonical object is declared yet."
    errors = sum(one.level == "error" for one in findings)
    claimed = sum(bool(row.records) for row in found)
    told = (
        f"{words.quantity(len(found), 'canonical object')}; "
        f"for {claimed} of them a system is the record, at least for some fields."
    )
    if errors:
        return f"{told} {words.quantity(errors, 'claim')} can't stand as {words.verb(errors, 'it is', 'they are')}."
    return f"{told} No two systems claim the same."


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object: who is the record for it, and which mappings fill it."""

    leaf: Leaf
    records: Sequence[str]
    clash: bool
    mappings: Sequence[str]


def values(model: Model, one: CanonicalObject) -> dict[str, Any]:
    """All that an object's page shows."""
    titles = _titles(model)
    held = records(one, model.systems)
    inward = [
        mapping
        for mapping in model.mappings.values()
        if mapping.spec.canon.schema_ == one.schema.name and mapping.spec.system is mapping.spec.source
    ]
    by_path = {str(field.leaf.path): field for field in held}
    fields = [
        Field(
            leaf,
            _who(by_path.get(str(leaf.path)), titles),
            bool(by_path[str(leaf.path)].clashes) if str(leaf.path) in by_path else False,
            [mapping.name for mapping in inward if covered(leaf, [field.target for field in mapping.spec.fields])],
        )
        for leaf in (one.view.leaves if one.view else [])
    ]
    wrong = list(against(one, model.mappings.values(), held))
    return {
        "answer": _answer(one, held, len(inward)),
        "fields": fields,
        "claims": claims(model, one),
        "mapped": len(inward),
        "drawings": [(str(machine.path), drawing(machine)) for machine in (machines(one.view) if one.view else [])],
        "faults": list(faults(one.view)) if one.view else [],
        "id_types": id_types(one, model.mappings.values(), model.workflows),
        "titles": titles,
        "against": wrong,
        "is_id": is_id,
    }


def _who(field: FieldRecord | None, titles: Mapping[str, str]) -> list[str]:
    return [] if field is None else [titles.get(name, name) for name in field.systems]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a system says that it is the record for; no fields: the whole object, no entities: all of them."""

    title: str
    fields: Sequence[str]
    entities: Sequence[str]


def claims(model: Model, one: CanonicalObject) -> list[Claim]:
    """Every claim of an object, as the systems make them."""
    return [
        Claim(system.title, record.fields, record.entities)
        for system in model.systems
        for record in system.spec.records
        if record.object == one.name
    ]


def _answer(one: CanonicalObject, held: Sequence[FieldRecord], mapped: int) -> str:
    if one.view is None:
        return f"The schema of {one.title.lower()} can't be read, so nothing is known of its fields."
    unclaimed = sum(not field.claims for field in held)
    clashes = sum(bool(field.clashes) for field in held)
    told = (
        f"{words.quantity(len(one.view.leaves), 'field')}, "
        f"{sum(leaf.required for leaf in one.view.leaves)} of them required; {words.quantity(mapped, 'mapping')} "
        f"{words.verb(mapped, 'leads', 'lead')} to it."
    )
    if clashes:
        return f"{told} Two systems claim {words.quantity(clashes, 'field')}, and no rule says which counts."
    if unclaimed:
        return f"{told} For {words.quantity(unclaimed, 'field')} no system is the record."
    return f"{told} Every field has its system of record."
