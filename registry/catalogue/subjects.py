"""Subjects in lists, without their documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.catalogue.models import Resource
from registry.schemas.models import SchemaVersion


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject in a list: what it is, and how many versions it has had."""

    name: str
    title: str | None
    owner: str | None
    format: str
    compatibility: str
    versions: int
    updated_at: datetime


def page(
    session: Session,
    *,
    search: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[Subject]:
    """Subjects by name, at most ``limit``, from behind the name ``after``; their documents stay where they are."""
    count = select(func.count()).where(SchemaVersion.subject == Resource.name).scalar_subquery()
    query = select(
        Resource.name,
        Resource.title,
        Resource.owner,
        Resource.spec["format"].as_string(),
        # A manifest leaves out what is the default.
        func.coalesce(Resource.spec["compatibility"].as_string(), "BACKWARD"),
        count,
        Resource.updated_at,
    ).where(Resource.kind == "Schema")
    if search:
        query = query.where(Resource.name.contains(search.lower(), autoescape=True))
    if after is not None:
        query = query.where(Resource.name > after)
    return [Subject(*row) for row in session.execute(query.order_by(Resource.name).limit(limit))]
