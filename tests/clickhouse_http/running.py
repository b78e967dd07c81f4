"""The stand-in as tests hold it: start it, kill it, start it again, make things go wrong."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from tests.clickhouse_http.faults import Fault
from tests.serving import free_ports

USER, PASSWORD = "control plane", "p@ss/word:1"
_numbers = itertools.count(1)


@dataclass
class ClickHouse:
    """A stand-in for a ClickHouse server, in a process of its own, on a port that stays the same when it comes back."""

    folder: Path
    port: int = field(default_factory=lambda: free_ports(1)[0])
    process: subprocess.Popen[bytes] | None = None
    databases: list[str] = field(default_factory=list)

    def url(self, database: str, password: str = "p%40ss%2Fword%3A1") -> str:
        """As CONTROLPLANE_CLICKHOUSE_URL takes it."""
        return f"http://control%20plane:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        arguments = [str(self.folder), str(self.port), USER, PASSWORD, *self.databases]
        self.process = subprocess.Popen([sys.executable, "-m", "tests.clickhouse_http", *arguments])
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the stand-in ended with {self.process.returncode}")
            try:
                if httpx.get(f"{self.address}/ping", timeout=2).text == "Ok.\n":
                    return self
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the stand-in did not get ready")

    def kill(self) -> None:
        """End it at once, as a machine that loses its power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=30)
            self.process = None

    def ask(self, sql: str, **parameters: str) -> httpx.Response:
        """A statement over plain HTTP."""
        return httpx.post(self.address, params=parameters, content=sql, auth=(USER, PASSWORD), timeout=60)

    def new_database(self) -> str:
        """The name of an empty database of this test's own."""
        name = f"test_{next(_numbers)}"
        self.ask(f"CREATE DATABASE {name}").raise_for_status()
        self.databases.append(name)
        return name

    def fail(self, *faults: Fault) -> None:
        """What goes wrong from now on; nothing, if nothing is given."""
        httpx.post(f"{self.address}/control", json=[asdict(one) for one in faults], timeout=30).raise_for_status()

    @property
    def met(self) -> int:
        """How many statements met one of the faults that were set last."""
        answer: Any = httpx.get(f"{self.address}/control", timeout=30).json()
        return int(answer["met"])
