"""Migrations that copy rows, in portions: no statement runs so long that somebody stops waiting, and what is copied stays so.

A copy of everything would outlive the client's patience on a large store, and each try would begin from nothing, beside the
one before that the server still works on. A portion that is broken off is copied again; rows that were copied by then stand
twice, which all tables that are copied to can take.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from collectors.store.client import Store

log = logging.getLogger(__name__)

#: Rows that one statement copies, about.
PORTION = 500_000
_HASHES = 2**128
_FIRST_ERA = b"\xff" * 8
#: Tables that are copied from by partition, and within by a column that is (or ends with) a hash: what stands before it.
_BY_HASH = {
    "milestones": ("anchor", b""),
    "key_labels": ("key", b""),
    "instances": ("label", _FIRST_ERA),
    "instances_by_week": ("label", _FIRST_ERA),
}
#: Partitions are weeks.
_BY_TIME = {"spans": "ts"}
_SOURCE = re.compile(rf"\bFROM ({'|'.join((*_BY_HASH, *_BY_TIME))})\b((?: FINAL)?)")
_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration_portions
(number UInt32, statement UInt32, portion String, done_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = MergeTree ORDER BY (number, statement, portion)
""".strip()


def run(store: Store, number: int, statements: list[str]) -> None:
    """Run the statements of a migration, one after another.

    Raises:
        StoreError: one failed; what it has copied so far is not copied again.
    """
    for place, statement in enumerate(statements):
        source = _SOURCE.search(statement) if statement.startswith("INSERT INTO ") else None
        portions = [] if source is None else list(_portions(store, source[1]))
        if not portions or source is None:
            store.define(statement)
        else:
            _copy(store, number, place, statement, portions)


def _copy(store: Store, number: int, place: int, statement: str, portions: list[str]) -> None:
    store.define(_LEDGER)
    known = {"number": number, "statement": place}
    rows = store.query(
        "SELECT portion FROM schema_migration_portions WHERE number = {number:UInt32} AND statement = {statement:UInt32}",
        known,
    )
    done = {str(portion) for (portion,) in rows}
    for count, portion in enumerate(portions, start=1):
        if portion not in done:
            store.define(_SOURCE.sub(rf"FROM (SELECT * FROM \1\2 WHERE {portion})", statement))
            store.insert("schema_migration_portions", [[number, place, portion]], ["number", "statement", "portion"])
            log.info("ClickHouse migration %04d: %d of %d portions are copied", number, count, len(portions))


def _portions(store: Store, table: str) -> Iterator[str]:
    """Conditions that share out the rows of a table, none if there is no need.

    They are the same at the next try, unless the table has grown a lot meanwhile.
    """
    parts, of_table = store.parts(table)
    rows = store.query(
        f"SELECT partition, sum(rows) FROM {parts} WHERE active AND {of_table} GROUP BY partition ORDER BY partition"
    )
    if sum(int(count) for _, count in rows) <= PORTION:
        return
    for partition, count in rows:
        pieces = 1
        while pieces * PORTION < count:
            pieces *= 2
        name = str(partition).strip("'")
        yield from _by_time(name, pieces) if table in _BY_TIME else _by_hash(table, name, pieces)


def _by_hash(table: str, definition: str, pieces: int) -> Iterator[str]:
    column, before = _BY_HASH[table]
    for piece in range(pieces):
        condition = f"definition = '{definition}'"
        for sign, edge in ((">=", piece), ("<", piece + 1)):
            # What lies before the first and behind the last edge belongs to them.
            if 0 < edge < pieces:
                bound = before + (_HASHES * edge // pieces).to_bytes(16, "big")
                condition += f" AND {column} {sign} toFixedString(unhex('{bound.hex()}'), {len(bound)})"
        yield condition


def _by_time(monday: str, pieces: int) -> Iterator[str]:
    begin, week = datetime.fromisoformat(monday).replace(tzinfo=UTC), timedelta(days=7)
    edges = [begin + week * piece / pieces for piece in range(pieces + 1)]
    for first, last in pairwise(edges):
        yield " AND ".join(f"ts {sign} {_moment(edge)}" for sign, edge in ((">=", first), ("<", last)))


def _moment(moment: datetime) -> str:
    return f"toDateTime64('{moment:%Y-%m-%d %H:%M:%S.%f}', 9, 'UTC')"
