"""The transactional store: one engine, one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_MILLISECONDS = 15_000
_BEGIN = "sqlite_begin"


class DatabaseError(ValueError):
    """A database address that can't be used; one sentence for a person."""


class Base(DeclarativeBase):
    """The base of every table, with names for constraints so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in, in UTC on the way out; SQLite keeps it as text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the driver gets."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone can't be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the interface's
        """What Python gets."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Not JSONB: documents keep the order in which people wrote them.
JSONDocument = JSON(none_as_null=True)


class Database:
    """A store of what is declared and judged, on SQLite or PostgreSQL.

    Work happens inside ``writing()`` or ``reading()``: each is one transaction, kept if the block ends and undone if it
    raises. Nothing else commits. Safe to share between threads. Every session is handed ``info``.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.info: dict[str, Any] = {}
        self._writer = self.engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._reader = self.engine.execution_options(**{_BEGIN: "BEGIN", "postgresql_readonly": True})

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may change things; on SQLite it waits for its turn at once rather than half-way."""
        with Session(self._writer, expire_on_commit=False, info=self.info) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing."""
        with Session(self._reader, expire_on_commit=False, info=self.info) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
        if backend == "sqlite":
            engine = create_engine(address)
            _prepare_sqlite(engine)
            return engine
        if backend == "postgresql":
            if address.drivername == "postgresql":
                address = address.set(drivername="postgresql+psycopg")
            return create_engine(address, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseError(f"the database URL can't be used: {error}") from None
    raise DatabaseError(f"{backend} is no database that this runs on; use sqlite:///PATH or postgresql://...")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `begin` below does
        for pragma in ("journal_mode = WAL", f"busy_timeout = {BUSY_MILLISECONDS}", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
