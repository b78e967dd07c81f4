"""Bringing the transactional store's tables up to the code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from registry.database import Database, DatabaseError

# Any number will do, as long as every process asks for the same lock.
_ADVISORY_LOCK = 4_318_431_700


def migrate(database: Database) -> tuple[str, ...]:
    """Apply what is missing, in one transaction, and name the revisions that were applied.

    Several processes may call it at once: one does the work, the others wait and find it done. Raises
    ``DatabaseError`` if the tables come from newer code.
    """
    with database.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        missing = _pending(connection)
        if missing:
            command.upgrade(_config(connection), "head")
        return missing


def pending(database: Database) -> tuple[str, ...]:
    """The revisions that ``migrate`` would apply, oldest first."""
    with database.engine.begin() as connection:
        return _pending(connection)


def revisions() -> tuple[str, ...]:
    """All revisions that this version knows, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _pending(connection: Connection) -> tuple[str, ...]:
    known = revisions()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return known
    if current not in known:
        raise DatabaseError(
            f"the database is at revision {current}, which this version does not know; upgrade it first"
        )
    return known[known.index(current) + 1 :]
