"""A fresh ``controlplane serve`` in a process of its own, with the example's workflows, and what it costs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from controlplane.demo.client import Client
from controlplane.demo.ports import free

EXAMPLES = [Path(__file__).parents[1] / "examples" / name for name in ("quote-to-cash", "canonical", "mappings")]
_TICKS = os.sysconf("SC_CLK_TCK")
_TOKEN = "cp-benchmark"  # noqa: S105  of a server that lives for this run on a loopback address
_MEBIBYTE = 1024.0


@dataclass
class Server:
    """``peak`` is the most resident memory so far, in MiB."""

    folder: Path
    ports: list[int] = field(default_factory=lambda: [free("127.0.0.1") for _ in range(3)])
    peak: float = 0.0
    _process: subprocess.Popen[bytes] | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start it and apply the example's manifests; returns when workflows are read."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("CONTROLPLANE_")}
        own = {
            "DATA_DIR": str(self.folder), "OTLP_OPEN": "true", "BOOTSTRAP_TOKEN": _TOKEN, "LOG_LEVEL": "warning",
            **dict(zip(("PORT", "OTLP_HTTP_PORT", "OTLP_GRPC_PORT"), map(str, self.ports), strict=True)),
        }  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "controlplane", "serve"],
            env=plain | {f"CONTROLPLANE_{name}": value for name, value in own.items()},
        )
        client = Client(f"http://127.0.0.1:{self.ports[0]}", _TOKEN)
        client.wait_until_ready(lambda: self._running.poll() is None)
        client.apply(EXAMPLES)
        client.close()
        deadline = time.monotonic() + 60
        while self.metrics().get("controlplane_workflows_read", 0) < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            self.peak = max(self.peak, self.resident)

    @property
    def cpu(self) -> float:
        """CPU seconds so far."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def resident(self) -> float:
        """Resident memory in MiB."""
        found = re.search(r"VmRSS:\s+(\d+)", self._proc("status"))
        return int(found[1]) / _MEBIBYTE if found else 0.0

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self._running.pid}/{name}").read_text(encoding="utf-8")

    def look(self) -> None:
        """Ask as a person does; what waits for its insert is inserted for that."""
        import httpx  # noqa: PLC0415

        url = f"http://127.0.0.1:{self.ports[0]}/api/v1/search?q=nothing"
        httpx.get(url, headers={"Authorization": f"Bearer {_TOKEN}"}, trust_env=False, timeout=30).raise_for_status()

    def metrics(self) -> dict[str, float]:
        """The server's own figures, those without labels."""
        import httpx  # noqa: PLC0415

        text = httpx.get(f"http://127.0.0.1:{self.ports[0]}/metrics", trust_env=False, timeout=30).text
        lines = (line.split() for line in text.splitlines() if not line.startswith("#") and "{" not in line)
        return {fields[0]: float(fields[1]) for fields in lines if len(fields) == 2}

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise AssertionError("it was not started")
        return self._process

    def stop(self) -> None:
        """End it, if it was started; what it took is stored and correlated then."""
        self._ended.set()
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=120)
