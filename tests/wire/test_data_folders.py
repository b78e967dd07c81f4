"""Data directories of any name, and what lies in one that should not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.collectors.spans import SpanData
from tests.serving import LiveServer
from tests.wire.exporting import send


def said_by(server: LiveServer, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "controlplane", command],
        env=server.environment,
        cwd=server.data_dir.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_folders_name_may_have_what_means_something_else_in_a_url(tmp_path: Path) -> None:
    data_dir = tmp_path / "no. #1 of 50%20 'new' ü+"
    server = LiveServer(data_dir, database="sqlite").start()
    try:
        send(server, [SpanData("here", ident) for ident in (1, 2, 3)], Random(1))
        assert [span["name"] for span in server.get(f"/api/v1/traces/{1:032x}")["spans"]] == ["here"]
    finally:
        assert server.end() == 0
    assert {"chdb", "controlplane.sqlite"} <= {path.name for path in data_dir.iterdir()}
    done = said_by(server, "doctor")
    assert (done.returncode, "fail" in done.stdout) == (0, False), done.stdout
    assert f"{data_dir}/chdb answers" in done.stdout


@pytest.mark.parametrize("sign", ["?", ":"])
def test_a_folder_that_the_embedded_engine_can_not_work_in_ends_the_start_with_one_line(
    tmp_path: Path, sign: str
) -> None:
    data_dir = tmp_path / f"what{sign}now"
    done = said_by(LiveServer(data_dir, {"LOG_LEVEL": "error"}), "serve")
    said = f"controlplane: chDB can't work in {data_dir}/chdb, whose path has a {sign}; see CONTROLPLANE_DATA_DIR"
    assert (done.returncode, done.stderr.startswith(said), done.stderr.count("\n")) == (2, True, 1), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [data_dir.name]


def test_a_start_that_fails_late_ends_with_one_line_and_no_signal(tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "data", {"LOG_LEVEL": "error"})
    journal = server.data_dir / "chdb" / "journal"
    journal.parent.mkdir(parents=True)
    journal.write_text("in the way")
    done = said_by(server, "serve")
    assert done.returncode == 2, done.stderr
    assert done.stderr == f"controlplane: {journal}: File exists\n"
