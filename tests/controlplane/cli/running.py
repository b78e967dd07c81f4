from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


def controlplane(*arguments: str, stdin: str = "", cwd: Path | None = None) -> Outcome:
    """Run the command as a shell would, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "controlplane.cli", *arguments],
        input=stdin.encode("utf-8", "surrogatepass"),
        capture_output=True,
        cwd=cwd,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
