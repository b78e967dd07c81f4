"""APIs that documents describe and nobody declared.

They follow from the schemas in force and are stored nowhere as declarations, so ``export`` and ``apply`` know nothing of
them: a declared API takes over by naming the schema at one of its versions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from registry.catalogue import read
from registry.compat.model import Format
from registry.kinds.api import APIManifest
from registry.schemas.models import SchemaOperation, SchemaSubject


@dataclass(frozen=True, slots=True)
class DescribedAPI:
    """An API as its document tells it; ``schema`` is the document's name in the catalogue."""

    schema: str
    title: str
    version: str | None
    protocol: Literal["rest", "event"]
    owner: str | None
    operations: int
    deprecated: int


def described_apis(session: Session) -> Sequence[DescribedAPI]:
    """Those that no declared API names, by schema."""
    declared = {one.schema_ for api in read.every(session, APIManifest) for one in api.spec.versions}
    count = select(
        SchemaOperation.subject,
        func.count().label("operations"),
        func.sum(case((SchemaOperation.deprecated, 1), else_=0)).label("deprecated"),
    ).group_by(SchemaOperation.subject)
    counted = {name: (operations, deprecated) for name, operations, deprecated in session.execute(count)}
    query = select(SchemaSubject).where(
        SchemaSubject.format.in_((Format.OPENAPI, Format.ASYNCAPI)), SchemaSubject.current.is_not(None)
    )
    return [
        DescribedAPI(
            schema=row.name,
            title=row.title or row.described or row.name,
            version=row.described_version,
            protocol="rest" if row.format == Format.OPENAPI else "event",
            owner=row.owner,
            operations=counted.get(row.name, (0, 0))[0],
            deprecated=counted.get(row.name, (0, 0))[1],
        )
        for row in session.scalars(query.order_by(SchemaSubject.name))
        if row.name not in declared
    ]
