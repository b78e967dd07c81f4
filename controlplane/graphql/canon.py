"""Mappings and canonical objects."""

from __future__ import annotations

from typing import Any, Self

import strawberry

from controlplane import canon
from controlplane.graphql.context import Info, needs
from registry.canon.reading import Model, model
from registry.kinds.mapping import MappingManifest

_READ = [needs("catalogue:read")]


@strawberry.type(description="What is odd about a mapping, and where in its manifest.")
class MappingFinding:
    rule: str
    level: str
    path: str
    message: str


@strawberry.type(description="One field of a mapping: from where, how, to where.")
class MappedField:
    sources: list[str]
    target: str
    how: str
    note: str | None


@strawberry.type(description="Fields of the target that a mapping fills: of those that it requires, and of all.")
class Coverage:
    required: int
    required_filled: int
    total: int
    filled: int


@strawberry.type(description="How a system's fields become those of a canonical object, or the other way.")
class MappingType:
    name: str
    title: str
    owner: str | None
    object: str | None
    system: str | None
    source: str
    target: str
    direction: str
    purpose: str
    coverage: Coverage | None
    fields: list[MappedField]
    findings: list[MappingFinding]
    unfilled: list[str] = strawberry.field(description="Fields of the target that it leaves out.")
    unread: list[str] = strawberry.field(description="Fields of the source that it does not read.")

    @classmethod
    def of(cls, found: Model, mapping: MappingManifest) -> Self:
        """From a manifest."""
        whole = canon.whole(found, mapping)
        told = ("name", "title", "owner", "object", "system", "source", "target", "direction", "purpose", "unread")
        return cls(
            **{name: whole[name] for name in told},
            coverage=Coverage(**whole["coverage"]) if whole["coverage"] else None,
            fields=[
                MappedField(sources=one["from"], target=one["to"], how=one["how"], note=one["note"])
                for one in whole["forward"]
            ],
            findings=[MappingFinding(**one) for one in whole["findings"]],
            unfilled=[one["path"] for one in whole["unfilled"]],
        )


@strawberry.type(description="A field of a canonical object; `records` are the systems that are the record for it.")
class CanonicalField:
    path: str
    type: str
    required: bool
    pii: bool
    unit: str | None
    description: str
    records: list[str]


@strawberry.type(description="A type of id of an object, and the fields of systems' schemas that hold such ids.")
class IdType:
    type: str
    sources: list[str]
    workflows: list[str]


@strawberry.type(description="A canonical object: its fields, who is the record for them, its ids, its mappings.")
class CanonicalObjectType:
    name: str
    title: str
    schema: str
    owner: str | None
    fields: list[CanonicalField]
    ids: list[IdType]
    mappings: list[str]

    @classmethod
    def of(cls, whole: dict[str, Any]) -> Self:
        """From what REST tells."""
        return cls(
            name=whole["object"],
            title=whole["title"],
            schema=whole["schema"],
            owner=whole["owner"],
            fields=[
                CanonicalField(
                    **{name: one[name] for name in ("path", "type", "required", "pii", "unit", "description")},
                    records=list(dict.fromkeys(record["system"] for record in one["records"])),
                )
                for one in whole["fields"]
            ],
            ids=[
                IdType(
                    type=one["type"],
                    sources=[f"{at['schema']}: {at['path']}" for at in one["sources"]],
                    workflows=[key["workflow"] for key in one["keys"]],
                )
                for one in whole["ids"]
            ],
            mappings=[one["name"] for one in whole["mappings"]],
        )


@strawberry.type
class CanonQuery:
    """What can be asked about mappings and canonical objects."""

    @strawberry.field(
        permission_classes=_READ, description="Every mapping, or those of an object or a system; by name."
    )
    def mappings(self, info: Info, object: str | None = None, system: str | None = None) -> list[MappingType]:  # noqa: A002 - the field's own word
        """With coverage and findings."""
        with info.context.state.database.reading() as session:
            found = model(session)
        return [
            MappingType.of(found, one)
            for _, one in sorted(found.mappings.items())
            if object in {None, canon.object_of(found, one)} and system in {None, one.spec.system.system}
        ]

    @strawberry.field(permission_classes=_READ, description="Every canonical object, by name.")
    def canonical_objects(self, info: Info) -> list[CanonicalObjectType]:
        """With fields and records."""
        with info.context.state.database.reading() as session:
            found = model(session)
        return [CanonicalObjectType.of(canon.canonical(found, one)) for one in found.objects.values()]
