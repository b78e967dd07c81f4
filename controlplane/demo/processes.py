"""The demo's two children: the server and the company. They end when the demo ends, whichever way."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

#: How long a child may take to end on SIGTERM before it is killed.
GRACE_SECONDS = 30.0
_OUTSIDE = ("OTEL_", "CONTROLPLANE_")
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment without what was meant for other servers and senders, and with the demo's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OUTSIDE)}
    return kept | {"PYTHONUNBUFFERED": "1"} | dict(own)


@contextlib.contextmanager
def server(settings: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``controlplane serve`` with these settings; what it says goes to the log."""
    arguments = ("-c", "from controlplane.cli.main import run; run()", "serve")
    with log.open("ab") as file, _child(arguments, settings, stdout=file, stderr=file) as process:
        yield process


@contextlib.contextmanager
def company(arguments: Sequence[str], settings: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m controlplane.demo``; its reports are lines of JSON on its standard output."""
    own = ("-m", "controlplane.demo", "--tethered", *arguments)
    with log.open("ab") as file, _child(own, settings, stdout=subprocess.PIPE, stderr=file) as process:
        yield process


@contextlib.contextmanager
def _child(
    arguments: Sequence[str], settings: Mapping[str, str], *, stdout: int | IO[bytes], stderr: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    # A session of its own: Ctrl-C goes to the demo alone, which then ends its children in the right order.
    process = subprocess.Popen(  # noqa: S603  our own interpreter with our own modules
        [sys.executable, *arguments],
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> int:
    """Ask a child to end, insist if it does not, and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    # Only now: until its writer has ended, a reader may hold the pipe.
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return code


def interrupt_once() -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal end this process alike; what comes after the first is ignored.

    Whoever is impatient must not keep the children from being ended.
    """

    def ignore(_number: int, _frame: object) -> None:
        """Not SIG_IGN: a signal that is under way when that is set makes Python print an error."""

    def interrupt(_number: int, _frame: object) -> None:
        for number in _ENDING:
            signal.signal(number, ignore)
        raise KeyboardInterrupt

    for number in _ENDING:
        signal.signal(number, interrupt)


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log, to be shown when its writer has failed."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return " | ".join(line.strip() for line in text[-lines:]) or "it said nothing"
