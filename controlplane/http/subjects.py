"""What the routes over schemas have in common: finding what was named, judging, and saying what can't be read."""

from http import HTTPStatus

from sqlalchemy.orm import Session

from controlplane.http.problems import Problem
from registry.catalogue import read
from registry.compat.model import DocumentError
from registry.kinds.schema import SchemaManifest
from registry.nearest import nearest
from registry.schemas import versions
from registry.schemas.models import SchemaVersion


def subject_named(session: Session, name: str) -> SchemaManifest:
    """The subject. Raises ``Problem`` 404, with the nearest name that exists."""
    # A name of other characters is nobody's, and not every database can be asked for it.
    manifest = read.get(session, "Schema", name) if name.isascii() and name.isprintable() else None
    if isinstance(manifest, SchemaManifest):
        return manifest
    names = read.names(session, "Schema")
    guess = nearest(name, names)
    some = f"; there are {', '.join(sorted(names)[:10])}" if names else ""
    hint = f"; did you mean {guess}?" if guess else some
    raise Problem(HTTPStatus.NOT_FOUND, f"there is no schema {name[:100]!r}{hint}")


def version_numbered(session: Session, subject: str, version: int) -> SchemaVersion:
    """One version. Raises ``Problem`` 404, saying which there are."""
    found = versions.one(session, subject, version)
    if found is None:
        latest = versions.latest(session, subject)
        raise Problem(HTTPStatus.NOT_FOUND, f"{subject} has no version {version}; its latest is {latest}")
    return found


def unreadable(error: DocumentError) -> Problem:
    """422 for a document that can't be read, with its line."""
    sentence = f"the document can't be used: {f'line {error.line}: ' if error.line else ''}{error.message}"
    where = {"message": error.message, "line": error.line, "path": "document"}
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, errors=[where])
