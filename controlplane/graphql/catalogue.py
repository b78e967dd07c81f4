"""What is declared, and what is odd about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import strawberry
from strawberry.exceptions import StrawberryGraphQLError
from strawberry.scalars import JSON

from controlplane.graphql.context import Info, needs
from controlplane.http.paging import MAX_LIMIT
from registry.catalogue import read
from registry.catalogue.listing import Entry, entries
from registry.findings.model import Finding, Seen


@strawberry.type(description="A declared thing: a team, a system, an API, a schema, a workflow, ...")
class Declaration:
    kind: str
    name: str
    title: str | None
    owner: str | None
    revision: int
    updated_at: datetime
    updated_by: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """From a row of the list."""
        return cls(
            kind=entry.kind,
            name=entry.name,
            title=entry.title,
            owner=entry.owner,
            revision=entry.revision,
            updated_at=entry.updated_at,
            updated_by=entry.updated_by,
        )

    @strawberry.field(description="The manifest as it stands; null if it was removed meanwhile.")
    def manifest(self, info: Info) -> JSON | None:
        """Read only where it is asked for."""
        with info.context.state.database.reading() as session:
            found = read.get(session, self.kind, self.name)
        document: Any = found.as_document() if found else None
        return JSON(document) if document is not None else None


@strawberry.type(description="What traffic shows: how often, from when to when, traces, a payload with masked values.")
class SeenInTraffic:
    count: float
    first_at: datetime | None
    last_at: datetime | None
    traces: list[str]
    example: str | None

    @classmethod
    def of(cls, one: Seen | None) -> Self | None:
        """From what was seen, if anything was."""
        if one is None:
            return None
        return cls(
            count=one.count,
            first_at=one.first_at,
            last_at=one.last_at,
            traces=list(one.traces),
            example=one.example or None,
        )


@strawberry.type(
    description="What is odd about one declared thing, by which check, who owns it, what to do, what traffic shows."
)
class CatalogueFinding:
    check: str
    level: str
    kind: str
    name: str
    message: str
    owner: str | None
    advice: str | None
    seen: SeenInTraffic | None

    @classmethod
    def of(cls, one: Finding) -> Self:
        """From a finding."""
        return cls(
            check=one.check,
            level=one.level,
            kind=one.kind,
            name=one.name,
            message=one.message,
            owner=one.owner,
            advice=one.advice or None,
            seen=SeenInTraffic.of(one.seen),
        )


@strawberry.type
class CatalogueQuery:
    """What can be asked about the catalogue."""

    @strawberry.field(
        permission_classes=[needs("catalogue:read")],
        description="What is declared, by kind and name; `q`: words of name, title, kind, owner or label.",
    )
    def declarations(
        self,
        info: Info,
        kind: str | None = None,
        owner: str | None = None,
        q: str = "",
        after_kind: str | None = None,
        after_name: str | None = None,
        limit: int = 50,
    ) -> list[Declaration]:
        """From behind the kind and name given, if they are."""
        if not 1 <= limit <= MAX_LIMIT:
            raise StrawberryGraphQLError(f"limit must be from 1 to {MAX_LIMIT}")
        after = (after_kind, after_name) if after_kind is not None and after_name is not None else None
        with info.context.state.database.reading() as session:
            rows = entries(session, kinds=[kind] if kind else (), owner=owner, search=q, after=after, limit=limit)
        return [Declaration.of(row) for row in rows]

    @strawberry.field(
        permission_classes=[needs("catalogue:read")],
        description="What is odd about the catalogue: owners that are gone, overdue stages, names of nothing; and drift, "
        "what traffic shows that nothing declared allows. `about`: declared or traffic.",
    )
    def catalogue_findings(
        self,
        info: Info,
        check: str | None = None,
        kind: str | None = None,
        owner: str | None = None,
        about: str | None = None,
    ) -> list[CatalogueFinding]:
        """Errors first."""
        found = info.context.state.drift.every()
        wanted = ((check, "check"), (kind, "kind"), (owner, "owner"), (about, "about"))
        return [
            CatalogueFinding.of(one)
            for one in found
            if all(value in {None, getattr(one, name)} for value, name in wanted)
        ]
