"""Migrations that copy rows: no statement copies more than a portion, and what was broken off goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from collectors.store import files, portions
from collectors.store import migrate as module
from collectors.store.client import Store, StoreUnavailable
from collectors.store.migrate import migrate

_KEY = "toFixedString(substring(SHA256(toString(number)), 1, 16), 16)"
_LABEL = f"toFixedString(concat(unhex('{'ff' * 8}'), {_KEY}), 24)"
_WEEKS = "addWeeks(toDateTime64('2026-01-05 01:02:03.5', 9, 'UTC'), number % 3) + toIntervalHour(number % 160)"
#: What a store had before the tables were copied from: two readings of a hundred rows each, spans of three weeks.
FILLED = {
    6: [
        (
            f"INSERT INTO spans (ts, trace_id, span_id, `links.trace_id`, `links.span_id`) SELECT {_WEEKS}, "
            "unhex(leftPad(toString(number), 32, '0')), unhex(leftPad(toString(number), 16, '0')), "
            "[unhex(leftPad(toString(number + 1), 32, '0'))], [unhex('0000000000000001')] FROM numbers(200)"
        )
    ],
    8: [
        (
            "INSERT INTO instances (definition, label, id, version, started_at, keys) "
            f"SELECT ['one', 'two'][number % 2 + 1], {_LABEL}, {_KEY}, 1, {_WEEKS}, [('n', toString(number))] FROM numbers(200)"
        ),
        (
            "INSERT INTO instances (definition, label, id, version, started_at) "
            f"SELECT 'one', toFixedString(unhex('{'fe' * 24}'), 24), {_KEY}, 1, {_WEEKS} FROM numbers(1)"
        ),
        f"INSERT INTO key_labels (definition, key, label) SELECT ['one', 'two'][number % 2 + 1], {_KEY}, {_LABEL} FROM numbers(200)",
    ],
    13: [
        (
            "INSERT INTO milestones (definition, anchor, occurred_at, step, keys) SELECT ['one', 'two'][number % 2 + 1], "
            f"{_KEY}, {_WEEKS}, 'paid', [('n', toString(number))] FROM numbers(200)"
        )
    ],
}
COPIES = {
    "span_links": "SELECT * FROM span_links FINAL ORDER BY ALL",
    "trace_hours": "SELECT * FROM trace_hours FINAL ORDER BY ALL",
    "instances_by_week": "SELECT * FROM instances_by_week FINAL ORDER BY ALL",
    "instance_weeks": "SELECT * FROM instance_weeks FINAL ORDER BY ALL",
    "label_keys": "SELECT * FROM label_keys FINAL ORDER BY ALL",
    "facts": "SELECT * FROM facts ORDER BY ALL",
}
_COPY = re.compile(r"INSERT INTO (\w+)\b.*\bFROM \(SELECT", re.DOTALL)


def upto(store: Store, number: int) -> None:
    """The tables as they were before a migration."""
    with pytest.MonkeyPatch.context() as patched:
        before = [one for one in files.migrations() if one.number < number]
        patched.setattr(module, "migrations", lambda: iter(before))
        migrate(store)


def filled(store: Store, monkeypatch: pytest.MonkeyPatch, portion: int) -> dict[str, list[Any]]:
    """Migrate from each of those versions to the next, and what is in the tables then."""
    monkeypatch.setattr(portions, "PORTION", portion)
    for number, statements in FILLED.items():
        upto(store, number)
        for statement in statements:
            store.command(statement)
    migrate(store)
    return {table: [tuple(row) for row in store.query(sql)] for table, sql in COPIES.items()}


def test_portions_come_to_what_one_statement_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(f"chdb://{tmp_path}/whole") as store:
        whole = filled(store, monkeypatch, 1_000_000)
        assert store.query("EXISTS TABLE schema_migration_portions") == [(0,)]
    with Store(f"chdb://{tmp_path}/portions") as store:
        assert filled(store, monkeypatch, 10) == whole
        copied = store.query("SELECT number, count() FROM schema_migration_portions GROUP BY number ORDER BY number")
    assert {table: len(rows) for table, rows in whole.items()} == {
        "span_links": 200, "trace_hours": 200, "instances_by_week": 201, "instance_weeks": 201, "label_keys": 200, "facts": 200,
    }  # fmt: skip
    assert [number for number, _ in copied][:5] == [6, 7, 8, 10, 13]
    assert all(count >= 16 for _, count in copied)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"chdb://{tmp_path}/chdb") as opened:
        yield opened


@pytest.mark.parametrize("broken", range(1, 8, 2))
def test_a_copy_that_is_broken_off_goes_on_and_copies_nothing_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch, broken: int
) -> None:
    monkeypatch.setattr(portions, "PORTION", 30)
    upto(store, 13)
    for statement in FILLED[13]:
        store.command(statement)
    whole, left = Store.command, broken

    def breaking(
        self: Store, sql: str, parameters: Mapping[str, Any] | None = None, *, settings: Mapping[str, Any] | None = None
    ) -> None:
        nonlocal left
        if _COPY.match(sql):
            left -= 1
            if left == 0:
                raise StoreUnavailable("no answer in time")
        whole(self, sql, parameters, settings=settings)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "command", breaking)
        with pytest.raises(StoreUnavailable):
            migrate(store)
    assert 0 <= store.query("SELECT count() FROM facts")[0][0] < 200
    assert "0013_facts" in migrate(store)
    assert store.query("SELECT count(), uniqExact(fact) FROM facts") == [(200, 200)]
    assert migrate(store) == []
