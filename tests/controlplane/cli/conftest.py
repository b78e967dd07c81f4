"""The command line in this process, and a server to talk to in a thread of it."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from controlplane.cli.main import main
from controlplane.http.app import create_app
from controlplane.settings import Settings, load
from controlplane.state import open_state
from registry.migrate import migrate
from tests import databases

BOOTSTRAP = "first-start"


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, with settings that lead nowhere else."""
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"),
        "SERVER": "http://127.0.0.1:9",
        "PORT": "0",
        "OTLP_HTTP_PORT": "0",
        "OTLP_GRPC_PORT": "0",
    }.items():
        monkeypatch.setenv(f"CONTROLPLANE_{name}", value)
    for name in ("TOKEN", "DATABASE_URL", "CLICKHOUSE_URL", "BOOTSTRAP_TOKEN", "HOST", "PUBLIC_URL"):
        monkeypatch.delenv(f"CONTROLPLANE_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    if databases.CHOSEN == "sqlite":
        yield tmp_path
        return
    with databases.postgres_database() as url:
        monkeypatch.setenv("CONTROLPLANE_DATABASE_URL", url)
        yield tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line."""

    def command(*arguments: str) -> Said:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return command


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server over the configured database; commands know its address and its administrator's token."""
    monkeypatch.setenv("CONTROLPLANE_BOOTSTRAP_TOKEN", BOOTSTRAP)
    settings = load(Settings)
    settings.data_dir.mkdir()
    state = open_state(settings)
    migrate(state.database)
    listener = uvicorn.Server(uvicorn.Config(create_app(state), port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=listener.run)
    thread.start()
    while not listener.started:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.servers[0].sockets[0].getsockname()[1]}"
    monkeypatch.setenv("CONTROLPLANE_SERVER", address)
    monkeypatch.setenv("CONTROLPLANE_TOKEN", BOOTSTRAP)
    yield address
    listener.should_exit = True
    thread.join()
    state.database.close()
