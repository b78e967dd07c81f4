"""Mapping: how a system's object becomes a canonical one, field by field, or the other way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from registry.compat.model import DocumentError
from registry.kinds.base import Finding, Lookup, Manifest, Name, Part, Reference, Spec
from registry.kinds.schema import SchemaManifest
from registry.mappings.fields import Mapped
from registry.mappings.rules import Remark
from registry.mappings.schema.view import FORMATS, SchemaView, view
from registry.mappings.ways import Ways, examined, ways

#: The label by which a schema says which canonical object it describes.
CANON = "canon"

Values = dict[Annotated[str, StringConstraints(min_length=1, max_length=500)], Any]


class End(Part):
    """A schema at one end: a subject's document in force, or a version of it, or the part of it that ``at`` points to.

    A system's schema names its ``system``; a canonical one has none.
    """

    system: Name | None = None
    schema_: Name = Field(alias="schema")
    version: Annotated[int, Field(ge=1, strict=True)] | None = None
    at: Annotated[str, StringConstraints(pattern=r"^#?(/[^/]*)+$", max_length=500)] | None = None


class MappingSpec(Spec):
    """``fields`` lead from ``source`` to ``target``.

    With ``direction: both`` the way back is derived, but for what ``reverse`` states. A mapping for ``comparison`` says
    how to read a system's object and writes nothing.
    """

    source: End
    target: End
    direction: Literal["forward", "both"] = "forward"
    purpose: Literal["exchange", "comparison"] = "exchange"
    tables: dict[Name, Values] = Field(default_factory=dict)
    fields: Annotated[tuple[Mapped, ...], Field(min_length=1, max_length=1000)]
    reverse: Annotated[tuple[Mapped, ...], Field(max_length=1000)] = ()

    def inconsistencies(self) -> Iterator[Finding]:
        """A system on both ends or none, and a way back that is not asked for."""
        if (self.source.system is None) == (self.target.system is None):
            sentence = "a mapping has a system at one end and a canonical object at the other; name the system of one"
            yield Finding(("source",), sentence)
        if self.reverse and self.direction != "both":
            yield Finding(("reverse",), "reverse belongs to direction: both")

    @property
    def system(self) -> End:
        """The end that is a system's."""
        return self.source if self.source.system is not None else self.target

    @property
    def canon(self) -> End:
        """The end that is canonical."""
        return self.target if self.source.system is not None else self.source


class MappingManifest(Manifest):
    """A mapping between a system's schema and a canonical object."""

    BINDS: ClassVar[bool] = False

    kind: Literal["Mapping"] = "Mapping"
    spec: MappingSpec

    def references(self) -> Iterator[Reference]:
        """The owner, the system and both schemas."""
        yield from super().references()
        for side, end in (("source", self.spec.source), ("target", self.spec.target)):
            yield Reference(("spec", side, "schema"), "Schema", end.schema_)
            if end.system is not None:
                yield Reference(("spec", side, "system"), "System", end.system, required=False)

    def disagreements(self, others: Lookup) -> Iterator[Finding]:
        """The errors of the mapping against the schemas at its ends."""
        return (
            Finding(one.place, f"{one.rule}: {one.message}") for one in self.examined(others) if one.level == "error"
        )

    def remarks(self, others: Lookup) -> Iterator[Finding]:
        """The warnings."""
        return (
            Finding(one.place, f"{one.rule}: {one.message}") for one in self.examined(others) if one.level == "warning"
        )

    def examined(self, others: Lookup) -> list[Remark]:
        """Everything that is found, the worst first; nothing if a schema is not there, which is reported elsewhere."""
        found = opened(self.spec, others)
        if isinstance(found, Ways):
            return examined(found)
        return found


def opened(spec: MappingSpec, others: Lookup) -> Ways | list[Remark]:
    """Both schemas read and the directions between them, or why they can't be; empty if a schema is not declared."""
    remarks: list[Remark] = []
    views: list[SchemaView] = []
    for side, end in (("source", spec.source), ("target", spec.target)):
        manifest = others.get("Schema", end.schema_)
        if not isinstance(manifest, SchemaManifest):
            return []
        remarks += _misplaced(side, end, manifest)
        text = manifest.spec.text if end.version is None else others.version(end.schema_, end.version)
        if text is None:
            sentence = f"{end.schema_} has no registered version {end.version}"
            remarks.append(Remark("version-unknown", ("spec", side, "version"), sentence))
            continue
        if manifest.spec.format not in FORMATS:
            sentence = f"{end.schema_} is kept in {manifest.spec.format}; mappings read {', '.join(sorted(FORMATS))}"
            remarks.append(Remark("schema-unreadable", ("spec", side, "schema"), sentence))
            continue
        try:
            views.append(view(text, end.at))
        except DocumentError as error:
            remarks.append(Remark("schema-unreadable", ("spec", side), f"{end.schema_}: {error.message}"))
    return remarks or ways(spec, *views)


def _misplaced(side: str, end: End, manifest: SchemaManifest) -> Iterator[Remark]:
    canonical = CANON in manifest.metadata.labels
    if canonical == (end.system is not None):
        sentence = (
            f"{end.schema_} is canonical, so it is no system's"
            if canonical
            else f"{end.schema_} is not canonical: it has no label {CANON} that names its object"
        )
        yield Remark("not-canonical", ("spec", side, "schema"), sentence)
