"""The store behind HTTP: what it says when things go wrong, and what it must not do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from collectors.correlation import labels
from collectors.ingest import insert_settings
from collectors.store import migrate as migrating
from collectors.store.client import Store, StoreError, StoreUnavailable
from collectors.store.migrate import migrate
from collectors.timelines import rows
from tests.clickhouse_http.faults import Fault
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.spans import T0, SpanData, body


@pytest.fixture
def store(clickhouse: ClickHouse) -> Iterator[Store]:
    with Store(clickhouse.url(clickhouse.new_database()), timeout=1.0) as opened:
        yield opened
        clickhouse.fail()


@pytest.fixture
def migrated(store: Store) -> Store:
    migrate(store)
    return store


def test_it_is_migrated_once(store: Store) -> None:
    assert migrate(store)
    assert migrate(store) == []


def test_it_decodes_otlp_by_the_schema_that_comes_with_each_insert(migrated: Store) -> None:
    attributes = {"s": "ü", "i": -7, "d": 0.1, "t": True, "b": b"\x00\xff", "e": ""}
    span = SpanData("posted", 77, 1.5, 0.25, attributes, {"service.name": "erp"}, error=True, message="closed", kind=3)
    migrated.insert_raw("otlp_landing", body([span]), "ProtobufSingle", insert_settings(migrated))
    ((at, trace, ident, *rest),) = migrated.query(
        "SELECT toUnixTimestamp64Nano(ts), trace_id, span_id, name, kind, service, resource, attributes, duration, "
        "status_code, status_message FROM spans"
    )
    assert (at, bytes(trace), bytes(ident)) == (T0 + 1_500_000_000, span.trace_id, span.span_id)
    assert rest == [
        "posted", 3, "erp", {"service.name": "erp"},
        {"s": "ü", "i": "-7", "d": "0.1", "t": "true", "b": "AP8=", "e": ""}, 250_000_000, 2, "closed",
    ]  # fmt: skip


def test_an_insert_waits_for_no_other_and_is_bounded(migrated: Store, clickhouse: ClickHouse) -> None:
    settings = insert_settings(migrated)
    assert settings["max_execution_time"] == 1
    with pytest.raises(StoreUnavailable, match="159"):
        migrated.query("SELECT sum(sipHash64(number)) FROM numbers(10000000000)", settings={"max_execution_time": 0.2})
    assert migrated.query("SELECT getSetting('async_insert')") == [(False,)]


def test_more_keys_than_one_parameter_takes(migrated: Store) -> None:
    keys = [number.to_bytes(16, "big") for number in range(10_000)]
    wide = [bytes(8) + key for key in keys]
    labels.write(migrated, "d", zip(keys, wide, strict=True))
    assert labels.labels_of(migrated, "d", keys) == dict(zip(keys, wide, strict=True))
    assert labels.keys_of(migrated, "d", wide) == dict(zip(keys, wide, strict=True))
    assert rows.milestones_of(migrated, "d", keys) == []


@pytest.mark.parametrize("code", [159, 202, 241, 243, 252, 516, 999])
def test_what_passes_is_told_from_what_does_not(store: Store, clickhouse: ClickHouse, code: int) -> None:
    clickhouse.fail(Fault("error", "SELECT 42", code=code))
    with pytest.raises(StoreUnavailable, match=rf"ClickHouse at http://127\.0\.0\.1:\d+/test_\d+: Code: {code}\. "):
        store.query("SELECT 42")
    assert store.query("SELECT 42") == [(42,)]


@pytest.mark.parametrize("code", [27, 62, 117, 444])
def test_a_statements_own_fault_is_no_matter_of_time(store: Store, clickhouse: ClickHouse, code: int) -> None:
    clickhouse.fail(Fault("error", "SELECT 42", code=code))
    with pytest.raises(StoreError, match=rf"^Code: {code}\. ") as caught:
        store.query("SELECT 42")
    assert not isinstance(caught.value, StoreUnavailable)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("refuse", "Service Unavailable"), ("stall", "did not answer in time"), ("reset", "Connection reset by peer")],
)
def test_a_server_that_is_not_there_is_said_in_few_words(
    store: Store, clickhouse: ClickHouse, kind: str, said: str
) -> None:
    store.query("SELECT 1")
    clickhouse.fail(Fault(kind, "SELECT 42", times=-1, seconds=1.3 if kind == "stall" else 0))  # type: ignore[arg-type] # one of its kinds
    with pytest.raises(StoreUnavailable) as caught:
        store.command("SELECT 42")
    assert re.fullmatch(rf"ClickHouse at http://127\.0\.0\.1:\d+/test_\d+: .{{0,40}}{said}\.?", str(caught.value))


def test_a_wrong_password_is_said_without_showing_it(clickhouse: ClickHouse) -> None:
    with pytest.raises(StoreUnavailable, match="Authentication failed") as caught:
        Store(clickhouse.url("default", "hush%40hush")).query("SELECT 1")
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_that_is_not_there_is_said_in_one_line(clickhouse: ClickHouse) -> None:
    with Store(clickhouse.url("nowhere")) as store, pytest.raises(StoreError, match=r"^Code: 81\..*nowhere") as caught:
        store.query("SELECT 1")
    assert "p@ss" not in str(caught.value)


def test_a_server_that_takes_no_rows_for_now_is_a_matter_of_time(migrated: Store, clickhouse: ClickHouse) -> None:
    """Read-only, for its disk is full or its keeper away: who sends is told to come back."""
    clickhouse.fail(
        Fault("error", "INSERT INTO otlp_landing", code=164), Fault("error", "INSERT INTO otlp_landing", code=242)
    )
    span = SpanData("posted", 77, 1.5)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"Code: (164|242)\."):
            migrated.insert_raw("otlp_landing", body([span]), "ProtobufSingle", insert_settings(migrated))
    migrated.insert_raw("otlp_landing", body([span]), "ProtobufSingle", insert_settings(migrated))
    assert migrated.query("SELECT count() FROM spans") == [(1,)]


def test_a_server_that_is_too_old_is_refused_before_anything_is_made(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "NEEDED", (*migrating.NEEDED, "of_a_later_version"))
    said = r"ClickHouse at http://\S+ is version 26\.9\.2\.1, which is too old: 25\.6 or later is needed"
    with pytest.raises(StoreError, match=said):
        migrate(store)
    assert store.query("SELECT count() FROM system.tables WHERE database = currentDatabase()") == [(0,)]


def test_a_folder_that_chdb_can_not_work_in_is_said_in_one_line() -> None:
    for path, sign in (("/srv/what%3F/chdb", r"\?"), ("/srv/a:b/chdb", ":")):
        with pytest.raises(
            StoreError, match=rf"can't work in /srv/[^%]+, whose path has a {sign}; see CONTROLPLANE_DATA_DIR"
        ):
            Store(f"chdb://{path}")


@pytest.mark.parametrize(
    "url",
    [
        "clickhouse://u:hush@h/d",
        "u:hush@h:8123/d",
        "//u:hush@h/d",
        "http://u:hu/sh@h:8123/d",
        "http://u:hush@h:nine/d",
        "http://u:hush@:8123/d",
        "http://u:12?hush@h:8123/d",
        "http://u:12#hush@h:8123/d",
        "chdb://relative",
        "chdb:",
        "",
    ],
)
def test_an_address_that_can_not_be_used_is_said_without_showing_it(url: str) -> None:
    with pytest.raises(StoreError, match="see CONTROLPLANE_CLICKHOUSE_URL") as caught:
        Store(url)
    assert "hush" not in str(caught.value)
    assert "hu/sh" not in str(caught.value)
