"""Fixtures that every room's tests may ask for."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from registry.database import Database
from registry.migrate import migrate
from tests.clickhouse_http.running import ClickHouse
from tests.serving import LiveServer

# A slow moment of a busy machine says nothing about the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'controlplane.sqlite'}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    address = make_url(POSTGRES)
    name = f"controlplane_{uuid.uuid4().hex}"
    server = address.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {address.host}:{address.port} ({str(error).strip().splitlines()[0]})")
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield address.set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """One address for each database that the project runs on."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated store, once on each database."""
    opened = Database(database_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A migrated store on SQLite, for tests of what does not depend on the database."""
    opened = Database(sqlite_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One running server that many tests share; each uses names and ids of its own."""
    server = LiveServer(tmp_path_factory.mktemp("live") / "data").start()
    yield server
    server.end()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server of this test's own, on an empty data directory; not started yet."""
    server = LiveServer(tmp_path / "data")
    yield server
    server.end()


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouse]:
    """A stand-in for a ClickHouse server that many tests share; each asks for a database of its own."""
    server = ClickHouse(tmp_path_factory.mktemp("clickhouse")).start()
    yield server
    server.kill()
