"""Changing one thing that someone has looked at: what they saw must still be what is there."""

from datetime import datetime

from sqlalchemy.orm import Session

from registry.audit import chain
from registry.catalogue import read, removal
from registry.catalogue.apply import Plan, apply
from registry.catalogue.conflict import ConflictError
from registry.manifests.parse import Located
from registry.manifests.problems import ManifestError


def put(
    session: Session, located: Located, *, revision: int | None, actor: str, now: datetime, reason: str | None = None
) -> Plan:
    """Store one manifest in place of the revision that its author saw (0: there was none; None: whichever).

    Raises ``ConflictError`` if there is another one by now, or ``ManifestError``.
    """
    chain.lock(session)
    _same(session, located.manifest.kind, located.manifest.name, revision)
    return apply(session, [located], actor=actor, now=now, reason=reason)


def take_out(
    session: Session,
    kind: str,
    name: str,
    *,
    revision: int | None,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Remove one thing; false if there is none.

    Raises ``ConflictError`` if it is another revision by now, or ``ManifestError`` if something names it.
    """
    chain.lock(session)
    gone = removal.one(session, kind, name)
    if gone is None:
        return False
    _same(session, kind, name, revision)
    if problems := [*removal.needed(session, [gone])]:
        raise ManifestError(problems)
    removal.remove(session, [gone], actor=actor, now=now, reason=reason)
    return True


def _same(session: Session, kind: str, name: str, revision: int | None) -> None:
    row = read.resource(session, kind, name)
    current = row.revision if row else 0
    if revision is None or revision == current:
        return
    if row is None:
        sentence = f"{kind} {name!r} was removed meanwhile, or never declared"
    elif revision == 0:
        sentence = f"{kind} {name!r} exists by now: {row.updated_by} declared it"
    else:
        sentence = f"{row.updated_by} changed {kind} {name!r} meanwhile: it is revision {current}, not {revision}"
    raise ConflictError(sentence, current)
