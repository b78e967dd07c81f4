"""Whether anything that drift depends on was declared anew: cheap to ask, so that answers can be remembered."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.catalogue.models import Resource
from registry.schemas.models import SchemaSubject

_KINDS = ("API", "Schema", "System")

Mark = tuple[object, ...]
"""Equal as long as nothing changed."""


def mark(session: Session) -> Mark:
    """How many APIs, schemas and systems there are, their revisions, when one changed last, and a document's state too."""
    declared = select(func.count(), func.sum(Resource.revision), func.max(Resource.updated_at))
    documents = select(func.max(SchemaSubject.updated_at))
    return (*session.execute(declared.where(Resource.kind.in_(_KINDS))).one(), session.scalar(documents))
