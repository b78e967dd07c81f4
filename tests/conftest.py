"""Fixtures that every room's tests may ask for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import make_url

from registry.database import Database
from registry.migrate import migrate
from tests import databases
from tests.clickhouse_http.running import ClickHouse
from tests.serving import LiveServer

# A slow moment of a busy machine says nothing about the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _databases_that_were_lent() -> Iterator[None]:
    yield
    databases.take_back()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'controlplane.sqlite'}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    with databases.postgres_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to be copied: migrating anew for each test would take most of its time."""
    path = tmp_path_factory.mktemp("migrated") / "controlplane.sqlite"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_template() -> Iterator[str]:
    """The name of a migrated PostgreSQL database to be copied, one for each worker."""
    with databases.postgres_database() as url:
        _migrated(url)
        yield str(make_url(url).database)


def _migrated(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """One address for each database that the project runs on."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def postgres(migrated_template: str) -> Iterator[Database]:
    """A migrated store on PostgreSQL."""
    with databases.postgres_database(migrated_template) as url, _opened(url) as opened:
        yield opened


@pytest.fixture
def sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated store on SQLite."""
    path = shutil.copy(migrated_file, tmp_path / "controlplane.sqlite")
    with _opened(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Database:
    """A migrated store on the database that is chosen, for tests of what does not depend on it."""
    opened: Database = request.getfixturevalue("sqlite" if databases.CHOSEN == "sqlite" else "postgres")
    return opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated store, once on each database."""
    opened: Database = request.getfixturevalue(request.param)
    return opened


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
