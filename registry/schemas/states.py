"""The states of a version: draft -> active -> deprecated -> disabled, and back from a mistake.

A draft is registered and may still break what others rely on; it binds nobody. Active and deprecated versions bind, the
latter ask their readers to move on. A disabled version is kept and can be read, but nothing new may use it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit import chain
from registry.schemas import versions
from registry.schemas.models import SchemaReference, SchemaState, SchemaSubject
from registry.schemas.versions import STATES, State

FOLLOWING: Mapping[State, tuple[State, ...]] = {
    "draft": ("active", "disabled"),
    "active": ("deprecated", "disabled"),
    "deprecated": ("active", "disabled"),
    "disabled": ("active",),
}


class StateError(ValueError):
    """A state that a version can't take; one sentence for a person."""


def check_change(session: Session, subject: str, version: int, wanted: State) -> State:
    """The state that a version has. Raises ``StateError`` if the wanted one does not follow from it."""
    before = versions.state(session, subject, version)
    if wanted != before and wanted not in FOLLOWING[before]:
        can = " or ".join(FOLLOWING[before])
        raise StateError(f"version {version} of {subject} is {before}; it can become {can}, not {wanted}")
    if wanted == "disabled" and (users := used_by(session, subject, version)):
        some = ", ".join(f"{name} version {number}" for name, number in users[:5])
        more = f" and {len(users) - 5} more" if len(users) > 5 else ""  # noqa: PLR2004  as many as are named
        raise StateError(f"version {version} of {subject} is used by {some}{more}; disable those first")
    return before


def change(
    session: Session,
    subject: str,
    version: int,
    wanted: State,
    *,
    actor: str,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Put a version into a state, with an audit entry; whether it was in another one.

    The caller holds the audit log's lock, and afterwards lets the subject's lists follow. Raises ``StateError``.
    """
    before = check_change(session, subject, version, wanted)
    if before == wanted:
        return False
    row = session.get(SchemaState, (subject, version))
    if row is None:
        row = SchemaState(subject=subject, version=version)
        session.add(row)
    row.state, row.at, row.by, row.reason = wanted, now, actor, reason
    chain.record(
        session,
        actor=actor,
        action="update",
        kind="Schema",
        name=subject,
        now=now,
        before={"version": version, "state": before},
        after={"version": version, "state": wanted},
        reason=reason,
    )
    session.flush()
    return True


def used_by(session: Session, subject: str, version: int) -> list[tuple[str, int]]:
    """The versions that refer to one and are not disabled themselves, by subject and number."""
    query = (
        select(SchemaReference.subject, SchemaReference.version)
        .outerjoin(
            SchemaState,
            (SchemaState.subject == SchemaReference.subject) & (SchemaState.version == SchemaReference.version),
        )
        .where(SchemaReference.to_subject == subject, SchemaReference.to_version == version)
        .where((SchemaState.state.is_(None)) | (SchemaState.state != "disabled"))
        .where(SchemaReference.subject.in_(select(SchemaSubject.name)))  # what was removed uses nothing any more
        .distinct()
        .order_by(SchemaReference.subject, SchemaReference.version)
    )
    return [(name, number) for name, number in session.execute(query)]


def users_of(session: Session, subject: str) -> list[tuple[str, int, int]]:
    """Versions that refer to any version of a subject: theirs by subject and number, and the number they refer to."""
    every = select(SchemaReference.to_version).where(SchemaReference.to_subject == subject).distinct()
    numbers = sorted(session.scalars(every))
    return [(name, number, of) for of in numbers for name, number in used_by(session, subject, of)]


def state_named(text: str) -> State:
    """The state of that name. Raises ``StateError``."""
    for one in STATES:
        if one == text:
            return one
    raise StateError(f"there is no state {text[:40]!r}; the states are {', '.join(STATES)}")
