import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from controlplane.demo import processes
from controlplane.demo.ports import address, choose, free, is_free
from controlplane.settings import Settings


def test_a_taken_port_is_replaced_and_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        quiet = free("127.0.0.1")
        settings = Settings(port=port, otlp_http_port=quiet, otlp_grpc_port=0)
        ports = choose(settings)
        assert not is_free("127.0.0.1", port)
    assert ports.http != port
    assert ports.otlp_http == quiet
    assert ports.otlp_grpc > 0
    assert len(set(ports[:3])) == 3
    (sentence,) = ports.moved
    assert sentence == f"Port {port} is taken, so {ports.http} is used instead; CONTROLPLANE_PORT chooses another."


def test_who_listens_everywhere_is_called_on_this_machine() -> None:
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80"  # noqa: S104  nothing is bound
    assert address("::", 80) == "http://[::1]:80"
    assert address("127.0.0.1", 80) == "http://127.0.0.1:80"


def test_children_do_not_inherit_what_was_meant_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    monkeypatch.setenv("CONTROLPLANE_DATABASE_URL", "postgresql://production")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    seen = processes.environment({"CONTROLPLANE_PORT": "1"})
    assert seen["CONTROLPLANE_PORT"] == "1"
    assert seen["LANG"] == "de_DE.UTF-8"
    assert "OTEL_TRACES_SAMPLER" not in seen
    assert "CONTROLPLANE_DATABASE_URL" not in seen


def child(code: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    return process


def test_a_child_is_asked_and_one_that_does_not_listen_is_made_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    polite = "import signal, time; signal.signal(15, lambda *_: exit(3)); print('up', flush=True); time.sleep(60)"
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    assert processes.end(child(polite)) == 3
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    assert processes.end(child(deaf)) == -signal.SIGKILL


def test_only_the_first_interruption_counts() -> None:
    code = """
import os, signal
from controlplane.demo.processes import interrupt_once
interrupt_once()
try:
    os.kill(os.getpid(), signal.SIGTERM)
except KeyboardInterrupt:
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGHUP)
    print("still here")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "still here\n"


def test_the_company_ends_when_its_starter_is_gone(tmp_path: Path) -> None:
    code = """
import subprocess, sys
company = subprocess.Popen(
    [sys.executable, "-m", "controlplane.demo", "--tethered", "--no-history", "--grpc=http://127.0.0.1:9", "--http=http://127.0.0.1:9"],
    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
print(company.pid, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    pid = int(done.stdout)
    subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], timeout=30, check=True)


def test_last_words_are_one_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert processes.last_words(log) == "it said nothing"
    log.write_text("".join(f"line {number}\n" for number in range(9)))
    assert processes.last_words(log, 2) == "line 7 | line 8"
    assert os.linesep not in processes.last_words(log)
