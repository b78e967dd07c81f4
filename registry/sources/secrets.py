"""A source's secret: where it is, setting it, and reading it for whoever checks the source's events."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from registry.audit import chain
from registry.kinds.source import SourceManifest
from registry.sources.models import SourceSecret
from registry.sources.sealing import Seal, SecretError

_LONGEST = 4_000


def put(session: Session, source: SourceManifest, secret: str, seal: Seal, *, actor: str, now: datetime) -> None:
    """Keep a secret, sealed, in place of any before. Raises ``SecretError``; the audit log tells only that it was set."""
    if source.spec.secret is not None:
        raise SecretError(f"source {source.name!r} takes its secret from {source.spec.secret}; take that out first")
    if not 1 <= len(secret) <= _LONGEST:
        raise SecretError(f"a secret has 1 to {_LONGEST:,} characters")
    chain.lock(session)
    row = session.get(SourceSecret, source.name) or SourceSecret(source=source.name)
    row.sealed, row.at, row.by = seal.close(secret, source.name), now, actor
    session.add(row)
    chain.record(session, actor=actor, action="set-secret", kind="Source", name=source.name, now=now)


def forget(session: Session, name: str, *, actor: str, now: datetime) -> bool:
    """Forget a secret; false if none was kept."""
    chain.lock(session)
    row = session.get(SourceSecret, name)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    chain.record(session, actor=actor, action="forget-secret", kind="Source", name=name, now=now)
    return True


def kept(session: Session, name: str) -> SourceSecret | None:
    """When and by whom a secret was set; it stays sealed."""
    return session.get(SourceSecret, name)


def secret_of(session: Session, source: SourceManifest, seal: Seal, environment: Mapping[str, str]) -> str | None:
    """The secret itself, for checking a signature and nothing else; None if there is none.

    Raises ``SecretError`` where the manifest says where it is and it is not there.
    """
    if source.spec.variable is not None:
        found = environment.get(source.spec.variable)
        if not found:
            raise SecretError(f"source {source.name!r}: the environment variable {source.spec.variable} is not set")
        return found
    if source.spec.path is not None:
        try:
            return Path(source.spec.path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise SecretError(f"source {source.name!r}: the file {source.spec.path} can't be read") from None
    row = kept(session, source.name)
    return None if row is None else seal.open(row.sealed, source.name)
