"""Tokens and sessions as pages show them; never a secret among them. Pure; ``now`` is nanoseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from registry.access.models import PersonSession, Token
from registry.access.people import public_id
from ui import words
from ui.views.catalogue import nanoseconds

_STATES = ("valid", "expired", "revoked")
_LOOKS = {"valid": "met", "expired": "cancelled", "revoked": "cancelled"}


def token_rows(found: Iterable[Token], now: int) -> list[dict[str, Any]]:
    """Those that work first, then the newest first."""
    rows = [_token(one, now) for one in found]
    return sorted(rows, key=lambda row: (_STATES.index(row["word"]), -row["created_at"]))


def _token(one: Token, now: int) -> dict[str, Any]:
    expires = nanoseconds(one.expires_at) if one.expires_at else None
    word = "revoked" if one.revoked_at else "expired" if expires is not None and expires <= now else "valid"
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role,
        "word": word,
        "state": _LOOKS[word],
        "created_at": nanoseconds(one.created_at),
        "created_by": one.created_by,
        "expires_at": expires,
        "used_at": nanoseconds(one.last_used_at) if one.last_used_at else None,
        "revoke": f"/access/tokens/{one.id}/removal" if word == "valid" else "",
    }


def tokens_answer(rows: Sequence[dict[str, Any]]) -> str:
    """How many work, and how many of these nobody uses or can outlive everybody."""
    valid = [row for row in rows if row["word"] == "valid"]
    if not valid:
        return "No token works at present."
    unused = sum(row["used_at"] is None for row in valid)
    endless = sum(row["expires_at"] is None for row in valid)
    said = f"{words.quantity(len(valid), 'token')} {words.verb(len(valid), 'works', 'work')}."
    said += f" {unused:,} {words.verb(unused, 'was', 'were')} never used." if unused else ""
    return said + (f" {endless:,} never {words.verb(endless, 'expires', 'expire')}." if endless else "")


def session_rows(found: Iterable[PersonSession]) -> list[dict[str, Any]]:
    """The open sessions, as they come."""
    return [
        {
            "id": public_id(one),
            "name": one.name,
            "role": one.role,
            "by": f"token {one.token_id}" if one.token_id else "a login link or the first token",
            "created_at": nanoseconds(one.created_at),
            "expires_at": nanoseconds(one.expires_at),
        }
        for one in found
    ]


def sessions_answer(rows: Sequence[dict[str, Any]]) -> str:
    """How many are signed in."""
    people = len({row["name"] for row in rows})
    if not rows:
        return "Nobody is signed in."
    return f"{words.quantity(people, 'person')} {words.verb(people, 'is', 'are')} signed in, in {words.quantity(len(rows), 'session')}."
