"""Finding the schema and version that a page is about."""

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import HTTPException
from sqlalchemy.orm import Session

from collectors.timelines import times
from registry.catalogue import read
from registry.catalogue.schema_changes import declared
from registry.kinds.schema import SchemaManifest
from registry.nearest import nearest
from registry.schemas import versions
from registry.schemas.models import SchemaVersion

HIGHEST = 2**31 - 1


def schema_named(session: Session, name: str) -> SchemaManifest:
    """The schema. Raises 404, with the nearest name that exists."""
    found = declared(session, name) if name.isascii() and name.isprintable() else None
    if found is None:
        guess = nearest(name, read.names(session, "Schema"))
        hint = f"; did you mean {guess}?" if guess else "; look through all of them"
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no schema {name[:100]!r}{hint}")
    return found


def version_numbered(session: Session, schema: str, number: int) -> SchemaVersion:
    """The version. Raises 404, saying which there are."""
    found = versions.one(session, schema, number)
    if found is None:
        latest = versions.latest(session, schema)
        raise HTTPException(HTTPStatus.NOT_FOUND, f"{schema} has no version {number}; its latest is {latest}")
    return found


def moment(nanoseconds: int) -> datetime:
    """A time of the clock as the registry takes it."""
    return datetime.fromisoformat(times.rfc3339(nanoseconds)[:19]).replace(tzinfo=UTC)


def nanoseconds(moment: datetime) -> int:
    """A moment as pages show it."""
    return times.parse(moment.isoformat())
