"""Which field of which system is an object's id: what mappings lead to ``ids``, and the workflows that know such keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry.canon.objects import CanonicalObject
from registry.kinds.mapping import MappingManifest
from registry.kinds.workflow import WorkflowManifest
from registry.mappings.paths import Key, Path, Where


@dataclass(frozen=True, slots=True)
class Source:
    """A field of a system's schema that holds such an id, by a mapping."""

    system: str
    schema: str
    path: Path
    mapping: str


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A workflow that knows such ids as keys, and the attribute that holds them; ``joins``: they make one object."""

    workflow: str
    attribute: str
    joins: bool


@dataclass(frozen=True, slots=True)
class IdType:
    """One type of id of an object, such as ``stripe.invoice``."""

    type: str
    sources: Sequence[Source]
    keys: Sequence[KeyUse]


def id_types(
    one: CanonicalObject, mappings: Iterable[MappingManifest], workflows: Iterable[WorkflowManifest]
) -> list[IdType]:
    """Every type of id that a mapping or a workflow of this object names."""
    sources: dict[str, list[Source]] = {}
    for mapping in mappings:
        spec = mapping.spec
        for field in spec.fields if spec.canon.schema_ == one.schema.name else ():
            inward = spec.system is spec.source
            for path in [field.target] if inward else field.reads:
                kind = _own_id(path)
                place = (next(iter(field.reads), None) if inward else field.target) if kind else None
                if kind and place is not None:
                    end = spec.system
                    sources.setdefault(kind, []).append(Source(end.system or "", end.schema_, place, mapping.name))
    keys: dict[str, list[KeyUse]] = {}
    for workflow in workflows:
        if workflow.spec.object == one.name:
            for key in workflow.spec.keys:
                keys.setdefault(key.type, []).append(KeyUse(workflow.name, key.attribute, key.joins))
    return [IdType(kind, sources.get(kind, []), keys.get(kind, [])) for kind in sorted({*sources, *keys})]


def _own_id(path: Path) -> str | None:
    """The type of id that ``ids[?@.type=='stripe.invoice'].value`` is; none for ids of other objects."""
    match path.segments:
        case (Key("ids"), Where("type", kind), Key("value")):
            return kind
        case _:
            return None
