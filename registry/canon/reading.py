"""The canonical model as it is declared: what mappings, records and objects speak of, without all other schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.canon.findings import CatalogueFinding, Shelf, catalogue_findings
from registry.canon.objects import CanonicalObject, objects
from registry.catalogue import read
from registry.catalogue.models import Resource
from registry.kinds.mapping import CANON, MappingManifest, opened
from registry.kinds.schema import SchemaManifest, SchemaSpec
from registry.kinds.system import SystemManifest
from registry.kinds.workflow import WorkflowManifest
from registry.mappings.rules import Remark
from registry.mappings.ways import Ways
from registry.schemas import versions


@dataclass(frozen=True)
class Model:
    """Everything about mappings and canonical objects; ``texts``: the documents of the versions that mappings pin."""

    schemas: Mapping[str, SchemaManifest]
    systems: list[SystemManifest]
    mappings: Mapping[str, MappingManifest]
    workflows: list[WorkflowManifest]
    texts: Mapping[tuple[str, int], str] = field(default_factory=dict)
    _remarks: dict[str, frozenset[Remark]] = field(default_factory=dict, compare=False, repr=False)
    _opened: dict[str, Ways | list[Remark]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def objects(self) -> Mapping[str, CanonicalObject]:
        """Object -> the schema that describes it."""
        return objects(self.schemas.values())

    def version(self, schema: str, number: int) -> str | None:
        """The document of a version that a mapping pins."""
        return self.texts.get((schema, number))

    def opened(self, mapping: MappingManifest) -> Ways | list[Remark]:
        """A mapping of this model with its schemas, or why that can't be; found out once."""
        if mapping.name not in self._opened:
            self._opened[mapping.name] = opened(mapping.spec, Shelf(self.schemas, self.version))
        return self._opened[mapping.name]

    def remembered(self, mapping: str, remarks: Callable[[], frozenset[Remark]]) -> frozenset[Remark]:
        """What there is to remark on a mapping of this model, found out once."""
        if mapping not in self._remarks:
            self._remarks[mapping] = remarks()
        return self._remarks[mapping]

    def with_text(self, schema: str, text: str) -> Model:
        """The same as if a schema had another document."""
        manifest = self.schemas[schema]
        if manifest.spec.text == text:
            return self
        other = SchemaManifest(
            metadata=manifest.metadata, spec=SchemaSpec(format=manifest.spec.format, definition=text)
        )
        return replace(self, schemas={**self.schemas, schema: other}, _opened={}, _remarks={})

    def findings(self) -> list[CatalogueFinding]:
        """What is odd, over everything."""
        return catalogue_findings(self.schemas.values(), self.systems, self.mappings.values(), self.version)


def model(session: Session) -> Model:
    """What is declared at present."""
    mappings = read.every(session, MappingManifest)
    canonical = select(Resource.name).where(Resource.kind == "Schema", Resource.labels[CANON].as_string().is_not(None))
    named = {end.schema_ for one in mappings for end in (one.spec.source, one.spec.target)}
    wanted = [("Schema", name) for name in named | set(session.scalars(canonical))]
    schemas = read.several(session, wanted)
    return Model(
        schemas={one.name: one for one in schemas.values() if isinstance(one, SchemaManifest)},
        systems=read.systems(session),
        mappings={one.name: one for one in mappings},
        workflows=read.workflows(session),
        texts=_pinned(session, mappings),
    )


def _pinned(session: Session, mappings: Iterable[MappingManifest]) -> dict[tuple[str, int], str]:
    ends = (end for one in mappings for end in (one.spec.source, one.spec.target))
    pinned = {(end.schema_, end.version) for end in ends if end.version is not None}
    found = ((key, versions.one(session, *key)) for key in sorted(pinned))
    return {key: row.text for key, row in found if row is not None}
