"""Recognising whoever asks, with the store and the clock at hand."""

import contextlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import OperationalError

from registry.access import people, secret, tokens
from registry.access.roles import Principal, principal
from registry.database import Database

BOOTSTRAP_NAME = "bootstrap"


class Access:
    """Says who is behind a token or a session cookie. Safe to share between threads.

    ``bootstrap`` is an administrator's token that is never stored; none turns it off.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], bootstrap: str | None = None) -> None:
        self._database, self._clock = database, clock
        self._bootstrap = secret.digest(bootstrap) if bootstrap else None

    def by_token(self, text: str) -> Principal | None:
        """Whose token it is; its use is noted."""
        known = self._known(text)
        return known.principal if known else None

    def by_session(self, hidden: str) -> Principal | None:
        """Whose session cookie it is."""
        with self._database.reading() as session:
            return people.recognise(session, hidden, self._clock())

    def use_link(self, hidden: str) -> str | None:
        """Open a session by the secret of a login link only; gives the cookie's secret."""
        with self._database.reading() as session:
            is_link = people.is_link(session, hidden)
        return self.sign_in(hidden) if is_link else None

    def sign_in(self, hidden: str) -> str | None:
        """Open a session by the secret of a login link, or by a token; gives the cookie's secret."""
        now = self._clock()
        # Whoever knows no secret must not get as far as to hold up writers.
        with self._database.reading() as session:
            is_link = people.is_link(session, hidden)
        known = None if is_link else self._known(hidden)
        if not is_link and known is None:
            return None
        with self._database.writing() as session:
            if known is not None:
                return people.open_session(
                    session,
                    known.principal,
                    now=now,
                    token_id=known.id,
                    until=known.expires_at,
                )
            who = people.use_link(session, hidden, now)
            return people.open_session(session, who, now=now) if who is not None else None

    def sign_out(self, hidden: str) -> None:
        """End a session."""
        if self.by_session(hidden) is not None:
            with self._database.writing() as session:
                people.close_session(session, hidden, self._clock())

    def _known(self, text: str) -> tokens.Known | None:
        if self._bootstrap is not None and secret.matches(text, self._bootstrap):
            return tokens.Known(None, principal(BOOTSTRAP_NAME, "admin"), expires_at=None, stale=False)
        now = self._clock()
        with self._database.reading() as session:
            known = tokens.recognise(session, text, now)
        if known is not None and known.id is not None and known.stale:
            # A request must not fail since the note of its token's use had to wait for another writer.
            with contextlib.suppress(OperationalError), self._database.writing() as session:
                tokens.note_use(session, known.id, now)
        return known
