"""OpenTelemetry's own JavaScript exporters, installed for these tests alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.serving import TOKEN, LiveServer

FOLDER = Path(__file__).parents[1] / "js"
INSTALL_SECONDS = 180


def installed() -> Path:
    """The folder with the pinned packages in it; the test is skipped where they can't be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no node and npm on the path; `apt-get install nodejs npm` brings them")
    lock = (FOLDER / "package-lock.json").read_bytes()
    stamp = FOLDER / "node_modules" / ".installed"
    if not stamp.exists() or stamp.read_bytes() != lock:
        try:
            done = subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=FOLDER, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm installed nothing within {INSTALL_SECONDS} s")
        if done.returncode != 0:
            pytest.skip(f"npm can't install the exporters: {' '.join(done.stderr.split())[:300]}")
        stamp.write_bytes(lock)
    return FOLDER


def send(server: LiveServer, token: str = TOKEN) -> dict[str, Any]:
    """What each exporter reports of its one batch: exporter -> {"code": 0 for success, "error"}."""
    folder = installed()
    # A proxy of the machine's must not stand between the exporters and the loopback address.
    plain = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        ["node", "send.js", server.otlp_http, server.otlp_grpc, token],
        cwd=folder, env=plain, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]
