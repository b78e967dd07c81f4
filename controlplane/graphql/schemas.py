"""Schemas, their versions and operations."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from controlplane.graphql.context import Info, needs
from controlplane.http.paging import MAX_LIMIT
from registry.catalogue.derived import DescribedAPI, described_apis
from registry.schemas import subjects, versions
from registry.schemas.models import SchemaOperation, SchemaSubject


@strawberry.type(description="A version of a schema: its content's number and hash, and the state that it is in.")
class SchemaVersionType:
    number: int
    id: int | None
    hash: str
    state: str
    created_at: datetime
    created_by: str
    definition: str


@strawberry.type(
    description="An operation that a document in force tells: an HTTP method or what is done on a channel."
)
class OperationType:
    schema: str
    version: int
    action: str
    address: str
    operation_id: str | None
    summary: str | None
    deprecated: bool
    sunset: str | None
    security: list[str]
    pointer: str

    @classmethod
    def of(cls, row: SchemaOperation) -> Self:
        """From a row of the list."""
        return cls(
            schema=row.subject,
            version=row.version,
            action=row.action,
            address=row.address,
            operation_id=row.operation_id,
            summary=row.summary,
            deprecated=row.deprecated,
            sunset=row.sunset,
            security=list(row.security),
            pointer=row.pointer,
        )


@strawberry.type(description="A document that others rely on; `subject` is the name for Confluent's clients.")
class SchemaType:
    name: str
    subject: str
    title: str | None
    owner: str | None
    format: str
    compatibility: str
    version: int | None
    updated_at: datetime

    @classmethod
    def of(cls, row: SchemaSubject) -> Self:
        """From a row of the list."""
        return cls(
            name=row.name,
            subject=row.alias,
            title=row.title,
            owner=row.owner,
            format=row.format,
            compatibility=row.compatibility,
            version=row.current,
            updated_at=row.updated_at,
        )

    @strawberry.field(description="Newest first, with their documents.")
    def versions(self, info: Info, limit: int = 10) -> list[SchemaVersionType]:
        """At most so many."""
        with info.context.state.database.reading() as session:
            rows = versions.page(session, self.name, limit=_checked(limit))
            told = versions.states(session, self.name, [row.version for row in rows])
            return [
                SchemaVersionType(
                    number=row.version,
                    id=versions.content_id(session, row.hash),
                    hash=row.hash,
                    state=told[row.version].state if row.version in told else "active",
                    created_at=row.created_at,
                    created_by=row.created_by,
                    definition=row.text,
                )
                for row in rows
            ]


@strawberry.type(description="An API that a document describes and nobody declared.")
class DescribedApiType:
    schema: str
    title: str
    version: str | None
    protocol: str
    owner: str | None
    operations: int
    deprecated: int

    @classmethod
    def of(cls, one: DescribedAPI) -> Self:
        """From the registry's value."""
        return cls(
            schema=one.schema,
            title=one.title,
            version=one.version,
            protocol=one.protocol,
            owner=one.owner,
            operations=one.operations,
            deprecated=one.deprecated,
        )


def _checked(limit: int) -> int:
    if not 1 <= limit <= MAX_LIMIT:
        raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
    return limit


@strawberry.type
class SchemaQuery:
    """What can be asked about schemas."""

    @strawberry.field(
        permission_classes=[needs("catalogue:read")], description="By name; `q`: words of names, title or owner."
    )
    def schemas(
        self, info: Info, q: str = "", format: str | None = None, after: str | None = None, limit: int = 50  # noqa: A002
    ) -> list[SchemaType]:  # fmt: skip
        """From behind the name given, if it is."""
        with info.context.state.database.reading() as session:
            rows = subjects.page(session, search=q, format=format, after=after, limit=_checked(limit))
            return [SchemaType.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[needs("catalogue:read")],
        description="What one can call or listen to; `q`: words of action, address, id or summary.",
    )
    def operations(
        self, info: Info, *, schema: str | None = None, q: str = "", deprecated: bool | None = None, limit: int = 50
    ) -> list[OperationType]:
        """By schema, then in the order of the document."""
        with info.context.state.database.reading() as session:
            rows = subjects.operations(session, subject=schema, search=q, deprecated=deprecated, limit=_checked(limit))
            return [OperationType.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[needs("catalogue:read")],
        description="APIs that documents describe and no declared API names, by schema.",
    )
    def described_apis(self, info: Info) -> list[DescribedApiType]:
        """All of them."""
        with info.context.state.database.reading() as session:
            return [DescribedApiType.of(one) for one in described_apis(session)]
