"""The stand-in is worth what it has in common with a server: the real client and plain HTTP both get what they should."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import clickhouse_connect
import httpx
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from tests.clickhouse_http.faults import Fault, Kind
from tests.clickhouse_http.running import PASSWORD, USER, ClickHouse


@pytest.fixture
def database(clickhouse: ClickHouse) -> str:
    return clickhouse.new_database()


@pytest.fixture(params=[False, True], ids=["plain", "compressed"])
def client(clickhouse: ClickHouse, database: str, request: pytest.FixtureRequest) -> Iterator[Client]:
    made = clickhouse_connect.get_client(
        host="127.0.0.1",
        port=clickhouse.port,
        username=USER,
        password=PASSWORD,
        database=database,
        compress=request.param,
        form_encode_query_params=True,
        send_receive_timeout=1,
    )
    yield made
    clickhouse.fail()
    made.close()


def test_rows_go_in_and_come_out(client: Client) -> None:
    client.command("CREATE TABLE t (a UInt64, b String, c Array(String)) ENGINE = MergeTree ORDER BY a")
    rows = [(number, "ü\t\n'" * number, ["x", "y"][: number % 3]) for number in range(1000)]
    assert client.insert("t", rows, column_names=["a", "b", "c"]).written_rows == 1000
    assert client.query("SELECT a, b, c FROM t ORDER BY a").result_rows == [(a, b, c) for a, b, c in rows]
    assert client.query("SELECT a FROM t WHERE a > 10000").result_rows == []
    assert client.command("SELECT count() FROM t") == 1000


def test_parameters_are_bound(client: Client) -> None:
    given = {"a": ["it's", "tab\t", "back\\slash", "ü\r\n--"], "b": "{a:String}", "c": -(2**62)}
    sql = "SELECT {a:Array(String)}, {b:String}, {c:Int64}"
    assert client.query(sql, parameters=given).result_rows == [(given["a"], given["b"], given["c"])]


def test_settings_hold_for_one_statement(client: Client) -> None:
    assert client.query("SELECT getSetting('max_threads')", settings={"max_threads": 3}).result_rows == [(3,)]
    assert client.query("SELECT getSetting('max_threads')").result_rows != [(3,)]


def test_raw_data_in_any_encoding(client: Client) -> None:
    client.command("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    client.raw_insert("t", insert_block=b'{"a": 1}\n{"a": 2}\n', fmt="JSONEachRow")
    client.raw_insert("t", insert_block=gzip.compress(b'{"a": 3}\n'), fmt="JSONEachRow", compression="gzip")
    client.raw_insert("t", insert_block=(part for part in (b'{"a"', b": 4}\n")), fmt="JSONEachRow")
    assert client.query("SELECT groupArray(a) FROM (SELECT a FROM t ORDER BY a)").result_rows == [([1, 2, 3, 4],)]


def test_errors_have_their_numbers(client: Client) -> None:
    for sql, code in (("SELEC 1", 62), ("SELECT * FROM nowhere", 60), ("SELECT nothing", 47)):
        with pytest.raises(DatabaseError) as caught:
            client.query(sql)
        assert caught.value.code == code


def test_a_field_of_a_form_has_its_bound(client: Client) -> None:
    """A server takes no field beyond ``http_max_field_value_size``, which is 128 KiB where nobody changed it."""
    assert client.query("SELECT length({a:String})", parameters={"a": "x" * 131_072}).result_rows == [(131_072,)]
    with pytest.raises(DatabaseError, match="Field value too long"):
        client.query("SELECT length({a:String})", parameters={"a": "x" * 131_073})


@pytest.mark.parametrize(
    "given",
    [
        {"auth": (USER, "wrong")},
        {"auth": ("nobody", PASSWORD)},
        {},
        {"headers": {"X-ClickHouse-User": USER, "X-ClickHouse-Key": "wrong"}},
        {"params": {"user": USER, "password": "wrong"}},
    ],
)
def test_strangers_are_turned_away(clickhouse: ClickHouse, given: dict[str, object]) -> None:
    answer = httpx.post(clickhouse.address, content="SELECT 1", **given)  # type: ignore[arg-type] # httpx's own arguments
    assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (403, "516")


@pytest.mark.parametrize(
    "given",
    [
        {"auth": (USER, PASSWORD)},
        {"headers": {"X-ClickHouse-User": USER, "X-ClickHouse-Key": PASSWORD}},
        {"params": {"user": USER, "password": PASSWORD}},
    ],
)
def test_the_user_is_known_by_any_of_three_ways(clickhouse: ClickHouse, given: dict[str, object]) -> None:
    assert httpx.post(clickhouse.address, content="SELECT 1", **given).text == "1\n"  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(
    ("kind", "times", "stored"),
    # The client itself sends an insert again, once, when the connection breaks.
    [("refuse", 1, 0), ("stall", 1, 0), ("reset", 1, 1), ("reset", 2, 0), ("after-reset", 1, 2), ("after-stall", 1, 1)],
)
def test_things_go_wrong_when_they_are_told_to(
    clickhouse: ClickHouse, client: Client, kind: Kind, times: int, stored: int
) -> None:
    client.command("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    clickhouse.fail(Fault(kind, "INSERT INTO t", times=times, seconds=1.3 if "stall" in kind else 0))
    if kind.endswith("reset") and times == 1:
        client.raw_insert("t", insert_block=b"1\n", fmt="TSV")
    else:
        with pytest.raises(OperationalError):
            client.raw_insert("t", insert_block=b"1\n", fmt="TSV")
    assert client.command("SELECT count() FROM t") == stored
    assert clickhouse.met == times


def test_what_was_stored_is_there_after_a_kill(clickhouse: ClickHouse, database: str) -> None:
    clickhouse.ask("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a", database=database).raise_for_status()
    clickhouse.ask("INSERT INTO t FORMAT TSV\n7\n", database=database).raise_for_status()
    clickhouse.kill()
    clickhouse.start()
    assert clickhouse.ask("SELECT a FROM t", database=database).text == "7\n"
