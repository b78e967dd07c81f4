"""Numbered ``.sql`` files, applied once and in order, with their ledger inside ClickHouse."""

from __future__ import annotations

from collectors.store import portions
from collectors.store.client import Store, StoreError
from collectors.store.files import Migration, migrations

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations
(number UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = MergeTree ORDER BY number
""".strip()


#: Settings of ClickHouse without which no span could be decoded, and the first version that has them.
NEEDED, SINCE = ("format_schema_source", "format_schema_message_name"), "25.6"


def pending(store: Store) -> list[Migration]:
    """What is missing; nothing is changed by asking.

    Raises:
        StoreError: the server is too old, an applied file was edited since, or the store can't be asked.
    """
    if not store.embedded:
        _check_version(store)
    applied: dict[int, str] = {}
    if store.query("EXISTS TABLE schema_migrations")[0][0]:
        rows = store.query("SELECT number, checksum FROM schema_migrations")
        applied = {int(number): str(checksum) for number, checksum in rows}
    missing = []
    for migration in migrations():
        known = applied.get(migration.number)
        if known is None:
            missing.append(migration)
        elif known != migration.checksum:
            raise StoreError(
                f"ClickHouse migration {migration.number:04} ({migration.name}) was edited after it had been applied; "
                "undo the edit and add a new file instead"
            )
    return missing


def _check_version(store: Store) -> None:
    ((version, known),) = store.query(
        "SELECT version(), (SELECT uniqExact(name) FROM system.settings WHERE name IN {names:Array(String)})",
        {"names": list(NEEDED)},
    )
    if known < len(NEEDED):
        raise StoreError(
            f"ClickHouse at {store.place} is version {version}, which is too old: {SINCE} or later is needed"
        )


def migrate(store: Store) -> list[str]:
    """Apply what is missing; the names of what was applied.

    Raises:
        StoreError: the server is too old, an applied file was edited since, or a statement failed; the next try goes on.
    """
    missing = pending(store)
    store.define(_LEDGER)
    done = []
    for migration in missing:
        portions.run(store, migration.number, migration.statements)
        store.insert(
            "schema_migrations",
            [[migration.number, migration.name, migration.checksum]],
            ["number", "name", "checksum"],
        )
        done.append(f"{migration.number:04}_{migration.name}")
    return done
