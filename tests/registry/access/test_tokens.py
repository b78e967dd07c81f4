from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from registry.access import people, tokens
from registry.access.models import LoginLink, PersonSession, Token
from registry.access.roles import RoleError, principal
from registry.access.service import Access
from registry.audit import chain
from registry.database import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


def make(database: Database, *, role: str = "ci", expires_at: datetime | None = None) -> tuple[str, str]:
    with database.writing() as session:
        row, secret = tokens.create(session, name="gate", role=role, actor="ada", now=NOW, expires_at=expires_at)
        return row.id, secret


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_token_is_known_again_and_its_secret_is_stored_nowhere(database: Database) -> None:
    token_id, secret = make(database)
    assert secret.startswith(f"cp_{token_id}_")
    hidden = secret.removeprefix(f"cp_{token_id}_")
    with database.reading() as session:
        known = tokens.recognise(session, secret, LATER)
        assert known is not None
        assert (known.principal.name, known.principal.role) == ("gate", "ci")
        for table in ("token", "audit", "resource_revision"):
            assert hidden not in str(session.execute(text(f"SELECT * FROM {table}")).all())


@pytest.mark.parametrize(
    "wrong", ["", "x", "cp_", "cp__", "cp_{id}", "cp_{id}_", "cp_{id}_{secret}x", "xx_{id}_{secret}", "cp_\x00_x"]
)
def test_anything_else_is_no_token(database: Database, wrong: str) -> None:
    token_id, secret = make(database)
    text_sent = wrong.format(id=token_id, secret=secret.split("_", 2)[2])
    with database.reading() as session:
        assert tokens.recognise(session, text_sent, NOW) is None


def test_a_token_ends_when_it_was_said_to(database: Database) -> None:
    _, secret = make(database, expires_at=LATER)
    with database.reading() as session:
        assert tokens.recognise(session, secret, LATER - timedelta(microseconds=1)) is not None
        assert tokens.recognise(session, secret, LATER) is None
    with pytest.raises(tokens.TokenError, match="expire in the future"):
        make(database, expires_at=NOW)


def test_a_revoked_token_is_worthless_and_so_are_its_sessions(database: Database) -> None:
    token_id, secret = make(database)
    access = Access(database, lambda: NOW)
    cookie = access.sign_in(secret)
    assert cookie is not None
    assert access.by_session(cookie) is not None
    for _ in range(2):
        with database.writing() as session:
            assert tokens.revoke(session, token_id, actor="bob", now=NOW).revoked_at == NOW
    assert access.by_token(secret) is None
    assert access.by_session(cookie) is None
    with database.reading() as session:
        assert [(entry.actor, entry.action) for entry in chain.entries(session, kind="Token")] == [
            ("bob", "revoke"),
            ("ada", "create"),
        ]
    with pytest.raises(tokens.TokenError, match="no token 'nothing'"), database.writing() as session:
        tokens.revoke(session, "nothing", actor="bob", now=NOW)


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "a\nb", "a\x00"])
def test_a_name_is_for_people(database: Database, name: str) -> None:
    with pytest.raises(tokens.TokenError, match="1 to 100 printable"), database.writing() as session:
        tokens.create(session, name=name, role="ci", actor="ada", now=NOW)


def test_a_role_must_exist(database: Database) -> None:
    with pytest.raises(RoleError):
        make(database, role="root")


def test_use_is_noted_at_most_once_a_minute(database: Database) -> None:
    token_id, secret = make(database)
    clock = Clock()
    access = Access(database, clock)

    def last_used() -> datetime | None:
        with database.reading() as session:
            return session.get_one(Token, token_id).last_used_at

    assert last_used() is None
    access.by_token(secret)
    assert last_used() == NOW
    clock.now = NOW + timedelta(seconds=59)
    access.by_token(secret)
    assert last_used() == NOW
    clock.now = NOW + timedelta(seconds=60)
    access.by_token(secret)
    assert last_used() == clock.now


def test_the_bootstrap_token_is_an_administrator_and_is_never_stored(database: Database) -> None:
    access = Access(database, lambda: NOW, "from-the-first-start")
    who = access.by_token("from-the-first-start")
    assert who == principal("bootstrap", "admin")
    assert access.by_token("from-the-first-star") is None
    assert Access(database, lambda: NOW, None).by_token("") is None
    with database.reading() as session:
        assert session.scalars(select(Token)).all() == []


def make_link(database: Database) -> str:
    with database.writing() as session:
        return people.create_link(session, name="Ada", role="finance", actor="admin", now=NOW)


def test_a_link_signs_in_once(database: Database) -> None:
    access = Access(database, lambda: NOW)
    link = make_link(database)
    cookie = access.sign_in(link)
    assert cookie is not None
    assert access.by_session(cookie) == principal("Ada", "finance")
    assert access.sign_in(link) is None
    with database.reading() as session:
        (stored,) = session.scalars(select(PersonSession)).all()
        assert cookie not in {stored.hash, stored.name}
        assert session.scalars(select(LoginLink)).one().used_at == NOW


def test_a_link_is_too_old_after_an_hour(database: Database) -> None:
    link = make_link(database)
    assert Access(database, lambda: NOW + people.LINK_LASTS).sign_in(link) is None
    assert Access(database, lambda: NOW + people.LINK_LASTS - timedelta(seconds=1)).sign_in(link) is not None


def test_a_session_ends_after_twelve_hours_and_is_cleared_away(database: Database) -> None:
    clock = Clock()
    access = Access(database, clock, "boot")
    cookie = access.sign_in("boot")
    assert cookie is not None
    clock.now = NOW + people.SESSION_LASTS - timedelta(seconds=1)
    assert access.by_session(cookie) == principal("bootstrap", "admin")
    clock.now = NOW + people.SESSION_LASTS
    assert access.by_session(cookie) is None
    access.sign_in("boot")
    with database.reading() as session:
        assert len(session.scalars(select(PersonSession)).all()) == 1


def test_a_session_does_not_outlive_its_token(database: Database) -> None:
    soon = NOW + timedelta(hours=1)
    _, secret = make(database, expires_at=soon)
    clock = Clock()
    access = Access(database, clock)
    cookie = access.sign_in(secret)
    assert cookie is not None
    clock.now = soon
    assert access.by_session(cookie) is None


def test_signing_out_ends_the_session(database: Database) -> None:
    access = Access(database, lambda: NOW, "boot")
    cookie = access.sign_in("boot")
    assert cookie is not None
    access.sign_out(cookie)
    access.sign_out("no such cookie")
    assert access.by_session(cookie) is None
    with database.reading() as session:
        assert [entry.action for entry in chain.entries(session)] == ["logout", "login"]


def test_nobody_is_signed_in_by_a_wrong_secret(database: Database) -> None:
    assert Access(database, lambda: NOW, "boot").sign_in("Boot") is None
