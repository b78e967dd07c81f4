"""Mappings and the canonical model as plain values that REST, GraphQL and the command line tell alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from registry.canon.ids import id_types
from registry.canon.objects import CanonicalObject
from registry.canon.reading import Model
from registry.canon.records import FieldRecord, records
from registry.canon.states import machines
from registry.kinds.mapping import MappingManifest
from registry.manifests.tree import dotted
from registry.mappings.coverage import Coverage, coverage
from registry.mappings.rules import LEVELS, Remark
from registry.mappings.schema.view import Leaf
from registry.mappings.trying import Trial, described
from registry.mappings.validating import Violation
from registry.mappings.ways import Ways, examined


def about(model: Model, mapping: MappingManifest) -> dict[str, Any]:
    """What a mapping is, how much it covers and how many findings there are."""
    spec = mapping.spec
    ways = model.opened(mapping)
    remarks = examined(ways) if isinstance(ways, Ways) else ways
    counted = Counter(remark.level for remark in remarks)
    return {
        "name": mapping.name,
        "title": mapping.title,
        "owner": mapping.metadata.owner,
        "object": object_of(model, mapping),
        "system": spec.system.system,
        "source": spec.source.schema_,
        "target": spec.target.schema_,
        "direction": spec.direction,
        "purpose": spec.purpose,
        "fields": len(spec.fields),
        "coverage": figures(coverage(ways.forward)) if isinstance(ways, Ways) else None,
        "findings": {level: counted[level] for level in LEVELS},
    }


def whole(model: Model, mapping: MappingManifest) -> dict[str, Any]:
    """A mapping with its fields, the way back, all findings, and what is left over on both sides."""
    ways = model.opened(mapping)
    found = about(model, mapping)
    found["findings"] = [remark(one) for one in (examined(ways) if isinstance(ways, Ways) else ways)]
    if not isinstance(ways, Ways):
        return found | {"forward": [], "back": None, "unfilled": [], "unread": []}
    covered = coverage(ways.forward)
    return found | {
        "forward": described(ways.forward),
        "back": described(ways.back) if ways.back else None,
        "unfilled": [leaf(one) for one in covered.unfilled],
        "unread": [str(one.path) for one in covered.unread],
    }


def object_of(model: Model, mapping: MappingManifest) -> str | None:
    """The canonical object that a mapping leads to or from."""
    named = mapping.spec.canon.schema_
    return next((name for name, one in model.objects.items() if one.schema.name == named), None)


def figures(covered: Coverage) -> dict[str, int]:
    """Coverage in figures."""
    return {
        "required": covered.required,
        "required_filled": covered.required_filled,
        "total": covered.total,
        "filled": covered.filled,
    }


def remark(one: Remark) -> dict[str, Any]:
    """A finding in a mapping."""
    return {"rule": one.rule, "level": one.level, "path": dotted(one.place), "message": one.message}


def leaf(one: Leaf) -> dict[str, Any]:
    """A field of a schema."""
    return {
        "path": str(one.path),
        "type": one.shape.said,
        "required": one.required,
        "values": list(one.shape.values) if one.shape.values is not None else None,
        "unit": one.shape.unit,
        "pii": one.pii,
        "description": one.description,
    }


def canonical(model: Model, one: CanonicalObject) -> dict[str, Any]:
    """An object: its fields with who is the record for each, states, ids and mappings."""
    held = {str(field.leaf.path): field for field in records(one, model.systems)}
    mappings = [mapping for mapping in model.mappings.values() if mapping.spec.canon.schema_ == one.schema.name]
    return {
        "object": one.name,
        "title": one.title,
        "schema": one.schema.name,
        "owner": one.schema.metadata.owner,
        "fields": [
            leaf(field) | _records(held.get(str(field.path))) for field in (one.view.leaves if one.view else [])
        ],
        "states": [
            {
                "path": str(machine.path),
                "initial": list(machine.initial),
                "final": list(machine.final),
                "transitions": {state: list(after) for state, after in machine.transitions.items()},
            }
            for machine in (machines(one.view) if one.view else [])
        ],
        "ids": [
            {
                "type": kind.type,
                "sources": [
                    {"system": at.system, "schema": at.schema, "path": str(at.path), "mapping": at.mapping}
                    for at in kind.sources
                ],
                "keys": [
                    {"workflow": key.workflow, "attribute": key.attribute, "joins": key.joins} for key in kind.keys
                ],
            }
            for kind in id_types(one, model.mappings.values(), model.workflows)
        ],
        "mappings": [about(model, mapping) for mapping in mappings],
    }


def _records(field: FieldRecord | None) -> dict[str, Any]:
    if field is None:
        return {"records": []}
    return {"records": [{"system": claim.system, "entities": list(claim.record.entities)} for claim in field.claims]}


def trial(one: Trial) -> dict[str, Any]:
    """What came of trying a mapping on a payload."""
    return {
        "ok": one.ok,
        "result": one.outcome.value,
        "problems": [
            {"field": bad.field, "from": bad.source, "to": bad.target, "message": bad.message}
            for bad in one.outcome.problems
        ],
        "violations": _violations(one.violations),
        "payload_violations": _violations(one.payload_violations),
        "provenance": [
            {
                "to": filled.target,
                "from": list(filled.sources),
                "how": one.way.fields[filled.field].told(),
                "default": filled.default,
            }
            for filled in one.outcome.filled
        ],
    }


def _violations(found: Iterable[Violation]) -> list[Mapping[str, str]]:
    return [{"path": one.path, "message": one.message} for one in found]
