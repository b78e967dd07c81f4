"""The databases that tests stand on: PostgreSQL where the server is, and the one that TEST_DATABASE names for the rest.

Tests of the registry run on both databases by themselves. A server in a process of its own, and samples that many tests
share, are there once: on SQLite, or with ``TEST_DATABASE=postgresql`` on PostgreSQL.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
CHOSEN = os.environ.get("TEST_DATABASE", "sqlite")
if CHOSEN not in {"sqlite", "postgresql"}:
    raise pytest.UsageError(f"TEST_DATABASE is sqlite or postgresql, not {CHOSEN!r}")

_lent: list[str] = []


def lend(folder: Path, name: str = "controlplane", chosen: str = CHOSEN) -> str:
    """The address of an empty database; one on PostgreSQL is there until the tests end. Skips where there is no server."""
    if chosen == "sqlite":
        return f"sqlite:///{folder / name}.sqlite"
    _lent.append(_made("template1"))
    return _address(_lent[-1])


def take_back() -> None:
    """Remove all that was lent."""
    while _lent:
        _dropped(_lent.pop())


@contextmanager
def postgres_database(template: str = "template1") -> Iterator[str]:
    """The address of a database that is there for a while; the test is skipped where there is no server."""
    name = _made(template)
    try:
        yield _address(name)
    finally:
        _dropped(name)


def _address(name: str) -> str:
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


def _connected() -> psycopg.Connection:
    address = make_url(POSTGRES)
    server = address.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        pytest.skip(f"no PostgreSQL at {address.host}:{address.port} ({reason})")


def _made(template: str) -> str:
    name = f"controlplane_{uuid.uuid4().hex}"
    with _connected() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _dropped(name: str) -> None:
    with _connected() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
