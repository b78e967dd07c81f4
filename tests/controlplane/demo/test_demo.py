import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from controlplane.demo.ports import free

DEMO = (sys.executable, "-c", "from controlplane.cli.main import run; run()", "demo")


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONTROLPLANE_")}
    ports = {
        "CONTROLPLANE_PORT": str(free("127.0.0.1")),
        "CONTROLPLANE_OTLP_HTTP_PORT": str(free("127.0.0.1")),
        "CONTROLPLANE_OTLP_GRPC_PORT": str(free("127.0.0.1")),
    }
    return kept | {"PYTHONUNBUFFERED": "1"} | ports | settings


class Running:
    """A demo that has said all it says before it waits for Ctrl-C."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *options: str) -> None:
        self.process = subprocess.Popen(
            [*DEMO, *options],
            env=environment(**settings) | {"TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break

    def told(self, pattern: str) -> str:
        found = re.search(pattern, self.said)
        assert found, self.said
        return found.group(1)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        self.said += rest
        return self.process.returncode


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("demo")
    running = Running(folder, {}, "--no-live", "--history-days", "2")
    yield running
    assert running.end(signal.SIGINT) == 0
    assert running.said.endswith("The company and the server have ended.\n")
    assert list(folder.iterdir()) == []


def test_the_pages_show_the_company_s_history(two_days: Running) -> None:
    sent = int(two_days.told(r"orders and ([\d,]+) invoices").replace(",", ""))
    with httpx.Client(base_url=two_days.told(r"Pages +(\S+)"), trust_env=False) as client:
        client.headers["Authorization"] = "Bearer " + two_days.told(r"CONTROLPLANE_TOKEN=(\S+)")
        report = client.get("/api/v1/slas/invoice-posting/report", params={"by": "entity"}).json()
        assert report["count"] == sent > 50
        assert {group["value"] for group in report["groups"]} == {"US01", "DE01", "SG01"}
        assert report["met"] > sent * 0.7
        found = client.get(
            "/api/v1/workflows/invoice-to-cash/instances", params={"state": "completed", "limit": 5}
        ).json()
        timeline = client.get(f"/api/v1/workflows/invoice-to-cash/instances/{found['items'][0]['id']}").json()
    steps = {milestone["step"] for milestone in timeline["milestones"]}
    assert {"finalized", "handed-over", "posted", "paid", "payment-applied", "status-in-crm"} <= steps
    assert {key["type"] for key in timeline["keys"]} == {
        "stripe.invoice", "invoice.number", "netsuite.invoice", "stripe.payment-intent"
    }  # fmt: skip


def test_the_link_signs_in_once(two_days: Running) -> None:
    link = two_days.told(r"Sign in +(\S+)")
    base = link.partition("/login")[0]
    with httpx.Client(base_url=base, trust_env=False) as client:
        assert client.get(link).status_code == 303
        assert client.get("/api/v1/me").json()["role"] == "admin"
    with httpx.Client(base_url=base, trust_env=False) as other:
        assert other.get(link).status_code == 401


def test_a_second_run_keeps_the_data_goes_on_living_and_ends_on_sigterm(tmp_path: Path) -> None:
    kept = ("--data-dir", str(tmp_path / "kept"), "--history-days", "0.3")
    first = Running(tmp_path, {}, *kept, "--no-live")
    assert first.end(signal.SIGTERM) == 0
    assert re.search(r"Sent [\d,]+ spans", first.said)
    second = Running(tmp_path, {}, *kept)
    assert "are here from an earlier run, so no history is sent again." in second.said
    assert "New orders and invoices keep coming." in second.said
    assert second.end(signal.SIGINT) == 0


def test_a_server_that_can_t_start_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "chdb").write_text("not a directory")
    done = subprocess.run(
        [*DEMO, "--data-dir", str(tmp_path)], env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("controlplane: the server ended before it was ready; the end of the server's log: ")
    assert len(done.stderr.splitlines()) == 1
