"""Sessions for people: opened by a link that works once, or by a token; known by a cookie that is stored as a hash."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from registry.access import secret
from registry.access.models import LoginLink, PersonSession
from registry.access.roles import Principal, principal, role_named
from registry.access.tokens import check_name
from registry.audit import chain

LINK_LASTS = timedelta(hours=1)
SESSION_LASTS = timedelta(hours=12)
#: Digits of a session's hash that are shown.
_PUBLIC = 12


def create_link(
    session: Session,
    *,
    name: str,
    role: str,
    actor: str,
    now: datetime,
    lasts: timedelta = LINK_LASTS,
) -> str:
    """The secret of a link that signs one person in, once. Raises ``TokenError`` or ``RoleError``."""
    hidden = secret.new_secret()
    link = LoginLink(
        hash=secret.digest(hidden),
        name=check_name(name),
        role=role_named(role),
        created_at=now,
        created_by=actor,
        expires_at=now + lasts,
    )
    session.add(link)
    after = {"role": role, "expires_at": link.expires_at.isoformat()}
    chain.record(session, actor=actor, action="create", kind="LoginLink", name=link.name, now=now, after=after)
    return hidden


def is_link(session: Session, hidden: str) -> bool:
    """Whether there is, or was, such a link."""
    return session.get(LoginLink, secret.digest(hidden)) is not None


def use_link(session: Session, hidden: str, now: datetime) -> Principal | None:
    """Whom a link is for; it is spent by this, also when two ask at once. None if it is unknown, spent or too old."""
    link = session.get(LoginLink, secret.digest(hidden))
    if link is None:
        return None
    spent = update(LoginLink).where(
        LoginLink.hash == link.hash,
        LoginLink.used_at.is_(None),
        LoginLink.expires_at > now,
    )
    claimed = session.execute(spent.values(used_at=now).returning(LoginLink.hash)).all()
    return principal(link.name, link.role) if claimed else None


def open_session(
    session: Session,
    who: Principal,
    *,
    now: datetime,
    token_id: str | None = None,
    until: datetime | None = None,
) -> str:
    """Sign someone in, until ``until`` at the longest; the secret for the cookie. Old sessions are cleared away."""
    session.execute(delete(PersonSession).where(PersonSession.expires_at <= now))
    hidden = secret.new_secret()
    opened = PersonSession(
        hash=secret.digest(hidden),
        name=who.name,
        role=who.role,
        token_id=token_id,
        created_at=now,
        expires_at=min(until or now + SESSION_LASTS, now + SESSION_LASTS),
    )
    session.add(opened)
    chain.record(session, actor=who.name, action="login", kind="Session", name=who.name, now=now)
    return hidden


def recognise(session: Session, hidden: str, now: datetime) -> Principal | None:
    """Whose open session a cookie belongs to."""
    found = session.get(PersonSession, secret.digest(hidden))
    if found is None or found.expires_at <= now:
        return None
    return principal(found.name, found.role)


def close_session(session: Session, hidden: str, now: datetime) -> None:
    """Sign out; a cookie that is no session is left alone."""
    found = session.get(PersonSession, secret.digest(hidden))
    if found is not None:
        session.delete(found)
        chain.record(session, actor=found.name, action="logout", kind="Session", name=found.name, now=now)


def sessions(session: Session, now: datetime, name: str | None = None) -> Sequence[PersonSession]:
    """The open sessions, the newest first; those of one person if a name is given."""
    query = select(PersonSession).where(PersonSession.expires_at > now)
    if name is not None:
        query = query.where(PersonSession.name == name)
    return session.scalars(query.order_by(PersonSession.created_at.desc(), PersonSession.hash)).all()


def public_id(opened: PersonSession) -> str:
    """What names a session in lists: enough to tell it apart, too little to be it."""
    return opened.hash[:_PUBLIC]


def end(session: Session, *, actor: str, now: datetime, ident: str | None = None, name: str | None = None) -> int:
    """End one session by its public id, or all of a person; how many were open. Each leaves an audit entry."""
    if (ident is None) == (name is None):
        raise ValueError("name one session or one person")
    chain.lock(session)
    chosen = [one for one in sessions(session, now, name) if ident in {None, public_id(one)}]
    for one in chosen:
        session.delete(one)
        chain.record(session, actor=actor, action="end", kind="Session", name=one.name, now=now)
    session.flush()
    return len(chosen)
