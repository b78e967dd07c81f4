"""Whether two names can be two people, as far as tokens and login links tell.

Nobody proves who they are here beyond holding what they were given; so what can be known is who gave it to them. Whoever
let somebody in could have let in himself under another name, and so the two never count as two. Nothing is known of
two that a third let in. What the bootstrap token and the command line on the server hand out is trusted: whoever holds
those could change the database as well.
"""

from __future__ import annotations

import unicodedata

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from registry.access.models import LoginLink, Token
from registry.access.service import BOOTSTRAP_NAME


def why_not_two(session: Session, one: str, other: str) -> str | None:
    """Why two names don't count as two people; none if they do. Names differ by more than case and blanks."""
    if _plain(one) == _plain(other):
        return f"{other} is the same person"
    for giver, taker in ((one, other), (other, one)):
        if _plain(giver) != BOOTSTRAP_NAME and _plain(giver) in _let_in_by(session, taker):
            return f"{taker} was let in by {giver}, so the two may be one person"
    return None


def _let_in_by(session: Session, name: str) -> frozenset[str]:
    """Everybody through whom a name came in: who made its tokens and links, who made theirs, and so on."""
    found: set[str] = set()
    open_ = {_plain(name)}
    pairs: dict[str, set[str]] = {}
    given = union(select(Token.name, Token.created_by), select(LoginLink.name, LoginLink.created_by))
    for taker, giver in session.execute(given):
        pairs.setdefault(_plain(taker), set()).add(_plain(giver))
    while open_:
        one = open_.pop()
        new = pairs.get(one, set()) - found - {_plain(name)}
        found |= new
        # The bootstrap token is where trust begins.
        open_ |= new - {BOOTSTRAP_NAME}
    return frozenset(found)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
