import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.audit import chain
from registry.audit.models import AuditEntry
from registry.database import Database

NOW = datetime(2026, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)


def _write(database: Database, name: str, count: int = 1) -> None:
    for number in range(count):
        with database.writing() as session:
            chain.record(
                session,
                actor="ada",
                action="update",
                kind="Team",
                name=name,
                now=NOW + timedelta(seconds=number),
                before={"objective": 0.99, "ü": ["x", None, True]},
                after={"number": number},
                reason="since",
            )


def unguard(session: Session) -> None:
    """As somebody could who owns the database."""
    on_sqlite = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")
    on_postgres = ("DROP TRIGGER audit_append_only ON audit",)
    for statement in on_sqlite if session.get_bind().dialect.name == "sqlite" else on_postgres:
        session.execute(text(statement))


def _verdict(database: Database) -> chain.Verdict:
    with database.reading() as session:
        return chain.verify(session)


def test_the_chain_holds_after_writing(database: Database) -> None:
    assert _verdict(database) == chain.Verdict(
        0,
        None,
        "the audit log holds: 0 entries, none changed, none missing",
    )
    _write(database, "a", 3)
    verdict = _verdict(database)
    assert verdict.holds
    assert verdict.entries == 3


def test_many_writers_make_one_chain(database: Database) -> None:
    threads = [threading.Thread(target=_write, args=(database, f"w{number}", 8)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = _verdict(database)
    assert verdict.holds, verdict.sentence
    assert verdict.entries == 32


@pytest.mark.parametrize(
    ("tampering", "broken_at", "words"),
    [
        ("UPDATE audit SET actor = 'eve' WHERE seq = 2", 2, "entry 2 of the audit log was changed"),
        ("UPDATE audit SET reason = NULL WHERE seq = 3", 3, "entry 3 of the audit log was changed"),
        ("DELETE FROM audit WHERE seq = 2", 2, "entry 2 of the audit log is missing"),
        ("DELETE FROM audit WHERE seq = 1", 1, "entry 1 of the audit log is missing"),
        ("DELETE FROM audit WHERE seq = 4", 4, "ends after entry 3, but more was written"),
        ("DELETE FROM audit_head", 5, "ends after entry 4"),
    ],
)
def test_tampering_shows(database: Database, tampering: str, broken_at: int, words: str) -> None:
    _write(database, "a", 4)
    with database.writing() as session:
        unguard(session)
        session.execute(text(tampering))
    verdict = _verdict(database)
    assert not verdict.holds
    assert verdict.broken_at == broken_at
    assert words in verdict.sentence


def test_a_rewritten_entry_with_a_new_hash_breaks_the_next(database: Database) -> None:
    _write(database, "a", 3)
    with database.writing() as session:
        unguard(session)
        entry = session.get_one(AuditEntry, 2)
        entry.actor = "eve"
        entry.hash = chain.entry_hash(entry)
    assert _verdict(database).broken_at == 3


def test_a_change_that_is_undone_leaves_no_entry(database: Database) -> None:
    def record_and_fail() -> None:
        with database.writing() as session:
            chain.record(session, actor="a", action="create", kind="Team", name="x", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_fail()
    _write(database, "y")
    assert _verdict(database).entries == 1


def test_entries_come_newest_first_and_narrowed(database: Database) -> None:
    _write(database, "a", 3)
    _write(database, "b", 2)
    with database.reading() as session:
        assert [entry.seq for entry in chain.entries(session, limit=2)] == [5, 4]
        assert [entry.seq for entry in chain.entries(session, before_seq=4, limit=2)] == [3, 2]
        assert [entry.seq for entry in chain.entries(session, kind="Team", name="a")] == [3, 2, 1]
        assert chain.entries(session, actor="eve") == []
        first = chain.entries(session, name="a", limit=1)[0]
        assert (first.at, first.reason, first.after) == (NOW + timedelta(seconds=2), "since", {"number": 2})
