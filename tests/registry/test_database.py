import importlib
import pkgutil
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

import collectors
import policies
import registry
from registry.catalogue.models import Resource
from registry.database import Base, Database, DatabaseError
from registry.migrate import migrate, pending

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _import_every_model() -> None:
    for room in (registry, collectors, policies):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if module.name.rpartition(".")[2] == "models":
                importlib.import_module(module.name)


def test_models_and_migrations_say_the_same(database: Database) -> None:
    _import_every_model()
    assert {"resource", "audit", "token"} <= Base.metadata.tables.keys()
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_does_nothing(database_url: str) -> None:
    database = Database(database_url)
    first = pending(database)
    assert first[0] == "0001"
    assert migrate(database) == first
    assert pending(database) == ()
    assert migrate(database) == ()
    database.close()


def test_several_may_migrate_at_once(database_url: str) -> None:
    done: list[tuple[str, ...]] = []

    def run() -> None:
        database = Database(database_url)
        done.append(migrate(database))
        database.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4
    assert sum(map(bool, done)) == 1


def test_newer_tables_are_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="revision 9999, which this version does not know"):
        migrate(database)


def _team(name: str, at: datetime = NOW) -> Resource:
    return Resource(
        kind="Team",
        name=name,
        labels={"b": "1", "a": "2"},
        spec={},
        revision=1,
        created_at=at,
        created_by="t",
        updated_at=at,
        updated_by="t",
    )


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def add_and_fail() -> None:
        with database.writing() as session:
            session.add(_team("a"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    with database.reading() as session:
        assert session.get(Resource, ("Team", "a")) is None


def test_moments_keep_their_place_in_time_and_documents_their_order(database: Database) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with database.writing() as session:
        session.add(_team("a", local + timedelta(microseconds=1)))
    with database.reading() as session:
        found = session.get_one(Resource, ("Team", "a"))
        assert found.created_at == NOW + timedelta(microseconds=1)
        assert found.created_at.tzinfo is UTC
        assert list(found.labels) == ["b", "a"]


def test_a_moment_without_a_zone_is_refused(sqlite: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), sqlite.writing() as session:
        session.add(_team("a", NOW.replace(tzinfo=None)))


def test_reading_can_not_write_on_postgresql(postgres_url: str) -> None:
    database = Database(postgres_url)
    migrate(database)
    with pytest.raises(DBAPIError, match="read-only transaction"), database.reading() as session:
        session.add(_team("a"))
    database.close()


def test_writers_on_sqlite_wait_for_their_turn(sqlite: Database) -> None:
    def add(name: str) -> None:
        with sqlite.writing() as session:
            assert session.get(Resource, ("Team", name)) is None
            session.add(_team(name))

    threads = [threading.Thread(target=add, args=(f"team-{number}",)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite.reading() as session:
        assert len(session.query(Resource).all()) == 12


@pytest.mark.parametrize("table", ["audit", "resource_revision"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'x'", "DELETE FROM {}"])
def test_history_only_grows(database: Database, table: str, statement: str) -> None:
    with database.writing() as session:
        session.add(_team("a"))
        session.flush()
        session.execute(
            text(
                "INSERT INTO resource_revision (kind, name, revision, document, at, by) VALUES ('Team', 'a', 1, '{}', '2026-01-01 00:00:00', 't')"
            ),
        )
        session.execute(
            text(
                "INSERT INTO audit VALUES (1, '2026-01-01 00:00:00', 'a', 'create', 'Team', 'a', NULL, NULL, NULL, 'p', 'h')",
            ),
        )
    with pytest.raises(DBAPIError, match="only ever added"), database.writing() as session:
        session.execute(text(statement.format(table)))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "can't be used"),
        ("mysql+pymysql://root@localhost/x", "no database that this runs on"),
        ("oracle://x", "no database that this runs on"),
        ("sqlite+nothing:///x", "can't be used"),
        ("postgresql+nothing://x", "can't be used"),
    ],
)
def test_an_address_that_can_not_be_used_is_said_in_words(url: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words):
        Database(url)
