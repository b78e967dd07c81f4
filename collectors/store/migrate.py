"""Numbered ``.sql`` files, applied once and in order, with their ledger inside ClickHouse."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from collectors.store.client import Store, StoreError

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations
(number UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = MergeTree ORDER BY number
"""
_STATEMENT = re.compile(r";\s*$", re.MULTILINE)
_COMMENT = re.compile(r"^--.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name and its statements."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text; an applied file must never be edited."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        """The statements, without the comments before them."""
        parts = _STATEMENT.split(_COMMENT.sub("", self.text))
        return [part.strip() for part in parts if part.strip()]


def migrations() -> Iterator[Migration]:
    """The files of this package in the order of their numbers."""
    folder = resources.files("collectors.store") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            yield Migration(int(number), name, file.read_text(encoding="utf-8"))


def pending(store: Store) -> list[Migration]:
    """What is missing; nothing is changed by asking.

    Raises:
        StoreError: an applied file was edited since, or the store can't be asked.
    """
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


def migrate(store: Store) -> list[str]:
    """Apply what is missing; the names of what was applied.

    Raises:
        StoreError: an applied file was edited since, or a statement failed.
    """
    store.command(_LEDGER)
    done = []
    for migration in pending(store):
        for statement in migration.statements:
            store.command(statement)
        store.insert(
            "schema_migrations",
            [[migration.number, migration.name, migration.checksum]],
            ["number", "name", "checksum"],
        )
        done.append(f"{migration.number:04}_{migration.name}")
    return done
