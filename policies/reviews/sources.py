"""Where a proposed document may come from besides being sent: a version that is registered, or a question to the gate."""

from __future__ import annotations

from sqlalchemy.orm import Session

from policies.gate import keeping
from policies.reviews.words import WordsError
from registry.schemas import versions

_HIGHEST = 2**31 - 1


def of_version(session: Session, subject: str, version: int) -> str:
    """The document of a registered version, such as a draft. Raises ``WordsError``."""
    known = subject.isascii() and subject.isprintable() and 0 < version <= _HIGHEST
    found = versions.one(session, subject, version) if known else None
    if found is None:
        raise WordsError(f"{subject[:100]} has no version {version}")
    return found.text


def of_evaluation(session: Session, subject: str, ident: str) -> str:
    """The document that the gate was asked about. Raises ``WordsError``."""
    found = keeping.one(session, ident) if ident.isascii() and ident.isalnum() else None
    if found is None:
        raise WordsError(f"there is no evaluation {ident[:64]!r}, or its time of keeping is over")
    if found.subject != subject:
        raise WordsError(f"evaluation {ident} is about {found.subject}, not about {subject[:100]}")
    return keeping.document(session, found.document)
