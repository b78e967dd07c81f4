"""Tokens for programs: ``cp_<id>_<secret>``, shown once and stored as a hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from registry.access import secret
from registry.access.models import PersonSession, Token
from registry.access.roles import Principal, principal, role_named
from registry.audit import chain

USE_NOTED_EVERY = timedelta(minutes=1)
MAX_NAME = 100
_PREFIX = "cp"
_NOBODY = secret.digest("")


class TokenError(ValueError):
    """A token that can't be made or found; one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Known:
    """A token that was recognised; ``stale`` if its last use should be noted again."""

    id: str | None
    principal: Principal
    expires_at: datetime | None
    stale: bool


def check_name(name: str) -> str:
    """A name that the audit log can show: 1 to 100 printable characters."""
    tidy = name.strip()
    if not tidy or len(tidy) > MAX_NAME or not tidy.isprintable():
        raise TokenError(f"a name has 1 to {MAX_NAME} printable characters")
    return tidy


def create(
    session: Session,
    *,
    name: str,
    role: str,
    actor: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token; the text is given back this once and can't be had again.

    Raises ``TokenError`` or ``RoleError``.
    """
    if expires_at is not None and expires_at <= now:
        raise TokenError("a token must expire in the future")
    hidden = secret.new_secret()
    token = Token(
        id=secret.new_id(),
        name=check_name(name),
        role=role_named(role),
        hash=secret.digest(hidden),
        created_at=now,
        created_by=actor,
        expires_at=expires_at,
    )
    session.add(token)
    after = {"name": token.name, "role": role, "expires_at": expires_at.isoformat() if expires_at else None}
    chain.record(session, actor=actor, action="create", kind="Token", name=token.id, now=now, after=after)
    return token, f"{_PREFIX}_{token.id}_{hidden}"


def recognise(session: Session, text: str, now: datetime) -> Known | None:
    """Whose token it is, if it is one that is valid now."""
    prefix, _, rest = text.partition("_")
    token_id, _, hidden = rest.partition("_")
    token = session.get(Token, token_id) if prefix == _PREFIX and token_id.isalnum() else None
    right = secret.matches(hidden, token.hash if token else _NOBODY)
    if token is None or not right or token.revoked_at is not None:
        return None
    if token.expires_at is not None and token.expires_at <= now:
        return None
    stale = token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY
    return Known(token.id, principal(token.name, token.role), token.expires_at, stale)


def note_use(session: Session, token_id: str, now: datetime) -> None:
    """Remember that a token was used, at most once a minute."""
    late = or_(Token.last_used_at.is_(None), Token.last_used_at <= now - USE_NOTED_EVERY)
    session.execute(update(Token).where(Token.id == token_id, late).values(last_used_at=now))


def revoke(session: Session, token_id: str, *, actor: str, now: datetime) -> Token:
    """Make a token worthless at once, and end the sessions that were opened with it. Twice is as good as once.

    Raises ``TokenError`` if there is none of that id.
    """
    chain.lock(session)
    token = session.get(Token, token_id)
    if token is None:
        raise TokenError(f"there is no token {token_id[:40]!r}")
    if token.revoked_at is None:
        token.revoked_at = now
        session.execute(delete(PersonSession).where(PersonSession.token_id == token_id))
        chain.record(session, actor=actor, action="revoke", kind="Token", name=token_id, now=now)
    return token


def every(session: Session, *, after: str | None = None, limit: int = 50) -> Sequence[Token]:
    """Tokens by id, from behind ``after``; none of them holds its secret."""
    query = select(Token).order_by(Token.id).limit(limit)
    if after is not None:
        query = query.where(Token.id > after)
    return session.scalars(query).all()
