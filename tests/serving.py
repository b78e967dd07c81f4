"""A real server in a process of its own, for tests that speak to it over the wire."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from tests import databases

TOKEN = "cp-test-administrator"
STARTUP_SECONDS = 60.0


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at present."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()


@dataclass
class LiveServer:
    """``controlplane serve`` on free ports; ``extra`` are settings without their prefix.

    ``database`` is sqlite or postgresql, by default what the tests are told to stand on.
    ``patience`` is how many seconds an answer may take to become as hoped for, ``pause`` how long until it is asked again.
    """

    data_dir: Path
    extra: dict[str, str] = field(default_factory=dict)
    ports: list[int] = field(default_factory=lambda: free_ports(3))
    process: subprocess.Popen[bytes] | None = None
    patience: float = 30.0
    pause: float = 0.1
    database: str = databases.CHOSEN

    def __post_init__(self) -> None:
        if self.database != "sqlite" and "DATABASE_URL" not in self.extra:
            self.extra = {**self.extra, "DATABASE_URL": databases.lend(self.data_dir, chosen=self.database)}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def otlp_http(self) -> str:
        return f"http://127.0.0.1:{self.ports[1]}"

    @property
    def otlp_grpc(self) -> str:
        return f"127.0.0.1:{self.ports[2]}"

    @property
    def log(self) -> str:
        return (self.data_dir.parent / "server.log").read_text()

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.ports[0]),
            "OTLP_HTTP_PORT": str(self.ports[1]),
            "OTLP_GRPC_PORT": str(self.ports[2]),
            "BOOTSTRAP_TOKEN": TOKEN,
            **self.extra,
        }
        plain = {name: value for name, value in os.environ.items() if not name.startswith("CONTROLPLANE_")}
        return plain | {f"CONTROLPLANE_{name}": value for name, value in own.items()}

    def start(self) -> Self:
        with (self.data_dir.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "controlplane", "serve"],
                env=self.environment,
                cwd=self.data_dir.parent,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the server did not get ready:\n{self.log}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process = None
        return code

    def client(self, token: str = TOKEN) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {token}"}, timeout=60)

    def get(self, path: str, /, **parameters: Any) -> Any:
        with self.client() as client:
            answer = client.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def apply(self, manifests: str) -> dict[str, Any]:
        with self.client() as client:
            answer = client.post("/api/v1/apply", content=manifests, headers={"content-type": "application/yaml"})
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def token(self, role: str) -> str:
        with self.client() as client:
            answer = client.post("/api/v1/tokens", json={"name": f"a-{role}", "role": role})
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["token"])

    def until(self, path: str, holds: Any, **parameters: Any) -> Any:
        """Ask until the answer is as hoped for."""
        deadline = time.monotonic() + self.patience
        while not holds(answer := self.get(path, **parameters)):
            assert time.monotonic() < deadline, f"{path} still answers {str(answer)[:2000]}\n{self.log}"
            time.sleep(self.pause)
        return answer
