"""What the doctor says about the observed store."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from collectors.correlation.correlator import Correlator
from collectors.ingest import insert_settings
from collectors.store.client import Store
from collectors.store.migrate import migrate
from controlplane.doctor import Diagnosis, clickhouse
from controlplane.settings import Settings
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.correlation.test_correlator import DEFINITION, invoice
from tests.collectors.spans import body
from tests.serving import LiveServer, free_ports


@pytest.fixture(params=["chdb", "http"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "chdb":
        return Settings(data_dir=tmp_path)
    server: ClickHouse = request.getfixturevalue("clickhouse")
    return Settings(data_dir=tmp_path, clickhouse_url=server.url(server.new_database()))


def said(settings: Settings) -> dict[str, tuple[str, str]]:
    return {one.subject: (one.outcome, one.sentence) for one in clickhouse(settings)}


def test_a_store_in_order(settings: Settings) -> None:
    with Store(settings.clickhouse) as store:
        migrate(store)
    found = said(settings)
    outcome, sentence = found.pop("ClickHouse")
    assert outcome == "ok"
    assert re.fullmatch(r"\S+ answers \(version \d+\.\d+[\d.]*\)", sentence)
    assert found == {
        "ClickHouse tables": ("ok", "as this version needs them"),
        "workflows that answer": ("ok", "none"),
        "workflows going through history": ("ok", "none"),
        "timelines": ("ok", "nothing waits to be joined"),
    }


def test_what_is_read_and_what_waits(settings: Settings) -> None:
    with Store(settings.clickhouse) as store:
        migrate(store)
        correlator = Correlator(store, alone=True)
        correlator.resume()
        correlator.define([DEFINITION])
        correlator.work()
        spans = [invoice(ident, "invoice.finalized", ident, billing_id=f"in_{ident}") for ident in range(1, 4)]
        store.insert_raw("otlp_landing", body(spans), "ProtobufSingle", insert_settings(store))
    found = said(settings)
    assert found["workflows that answer"] == ("ok", "invoice-to-cash")
    assert found["workflows going through history"] == ("ok", "none")
    assert found["timelines"][0] == "note"
    assert re.fullmatch(r"3 milestones wait to be joined, the oldest for \d+ s", found["timelines"][1])


def test_tables_that_are_missing(settings: Settings) -> None:
    with Store(settings.clickhouse) as store:
        store.query("SELECT 1")
    found = said(settings)
    assert found["ClickHouse tables"][0] == "fail"
    assert re.match(r"0001_otlp_text, .* missing; run `controlplane migrate`$", found["ClickHouse tables"][1])
    with Store(settings.clickhouse) as store:
        assert store.query("EXISTS TABLE schema_migrations") == [(0,)]


def test_nothing_is_made_by_asking(tmp_path: Path) -> None:
    assert said(Settings(data_dir=tmp_path)) == {
        "ClickHouse": ("note", f"{tmp_path}/chdb is not there yet; the first start makes it")
    }
    assert not list(tmp_path.iterdir())


def test_a_directory_that_a_server_has_open(live_server: LiveServer) -> None:
    (found,) = clickhouse(Settings(data_dir=live_server.data_dir))
    assert found == Diagnosis(
        "note",
        "ClickHouse",
        f"{live_server.data_dir}/chdb is in use by another process, and chDB's directory belongs to one at a time; "
        "fine if the server is running: see its /readyz and /metrics",
    )


def test_a_second_process_on_that_directory_ends_with_one_line(live_server: LiveServer) -> None:
    command = [sys.executable, "-m", "controlplane", "migrate"]
    done = subprocess.run(command, env=live_server.environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert re.fullmatch(r"controlplane: \S+/chdb is in use by another process, .* one at a time\n", done.stderr)


def test_a_server_that_is_away_or_knows_us_not(tmp_path: Path, clickhouse: ClickHouse) -> None:
    away = said(Settings(data_dir=tmp_path, clickhouse_url=f"http://u:hush@127.0.0.1:{free_ports(1)[0]}/x"))
    assert away["ClickHouse"][0] == "fail"
    assert away["ClickHouse"][1].endswith("Connection refused; see CONTROLPLANE_CLICKHOUSE_URL")
    unknown = said(Settings(data_dir=tmp_path, clickhouse_url=clickhouse.url("default", "hush")))
    assert unknown["ClickHouse"][0] == "fail"
    assert "Authentication failed" in unknown["ClickHouse"][1]
    assert said(Settings(data_dir=tmp_path, clickhouse_url="nowhere"))["ClickHouse"][0] == "fail"
    assert "hush" not in str((away, unknown))
