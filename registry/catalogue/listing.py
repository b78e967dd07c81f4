"""What is declared, in lists: without the specs, since a schema's may be megabytes long."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from registry.catalogue.models import Resource


@dataclass(frozen=True, slots=True)
class Entry:
    """A declared thing in a list."""

    kind: str
    name: str
    title: str | None
    owner: str | None
    labels: dict[str, str]
    revision: int
    updated_at: datetime
    updated_by: str

    @property
    def shown(self) -> str:
        """What people read: the title, or else the name."""
        return self.title or self.name


_COLUMNS = (
    Resource.kind,
    Resource.name,
    Resource.title,
    Resource.owner,
    Resource.labels,
    Resource.revision,
    Resource.updated_at,
    Resource.updated_by,
)


def entries(
    session: Session,
    *,
    kinds: Iterable[str] = (),
    owner: str | None = None,
    search: str = "",
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> Sequence[Entry]:
    """By kind and name, at most ``limit``, from behind the (kind, name) ``after``.

    ``search``: each of its words is part of the name, title, kind, owner or a label, in capitals or not.
    """
    query = select(*_COLUMNS).where(*_conditions(kinds, owner, search)).order_by(Resource.kind, Resource.name)
    if after is not None:
        query = query.where(tuple_(Resource.kind, Resource.name) > tuple_(*after))
    return [Entry(*row) for row in session.execute(query.limit(limit))]


def counts(session: Session, *, owner: str | None = None, search: str = "") -> dict[str, int]:
    """Kind -> how many there are."""
    query = select(Resource.kind, func.count()).where(*_conditions((), owner, search)).group_by(Resource.kind)
    return {kind: int(number) for kind, number in session.execute(query.order_by(Resource.kind))}


def owners(session: Session) -> list[str]:
    """Everyone who is named as an owner."""
    query = select(Resource.owner).where(Resource.owner.is_not(None)).distinct().order_by(Resource.owner)
    return [owner for owner in session.scalars(query) if owner is not None]


def _conditions(kinds: Iterable[str], owner: str | None, search: str) -> Iterator[ColumnElement[bool]]:
    if chosen := list(kinds):
        yield Resource.kind.in_(chosen)
    if owner is not None:
        yield Resource.owner == owner
    yield from (_word(word) for word in search.lower().split())


def _word(word: str) -> ColumnElement[bool]:
    texts = (Resource.name, Resource.title, Resource.kind, Resource.owner, cast(Resource.labels, String))
    return or_(*(func.lower(text).contains(word, autoescape=True) for text in texts))
