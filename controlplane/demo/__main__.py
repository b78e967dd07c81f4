"""``python -m controlplane.demo``: the company as a program of its own, as far from the server as a real one."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping

import orjson

from controlplane.demo.emit import Emitter, Endpoints, ExportError
from controlplane.demo.stories import live
from controlplane.demo.traffic import send_history, send_live
from controlplane.demo.world import World


def main(arguments: list[str]) -> int:
    """Send what was asked for; 0 once that is done or when asked to stop, 1 if spans were not taken."""
    options = _options(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if options.tethered:
        threading.Thread(target=_follow_input, args=(stop,), daemon=True).start()
    world = World.of(options.seed, options.now or time.time_ns(), options.days)
    emitter = Emitter(Endpoints(options.grpc, options.http))
    try:
        coming = send_history(world, emitter, _report, stop) if options.history else []
        if options.live:
            send_live(live(world), coming, emitter, stop)
    except ExportError as error:
        _report({"at": "failed", "message": str(error)})
        return 1
    except BrokenPipeError:
        # Whoever started us has gone, so no one is left to tell.
        return 1
    finally:
        emitter.close()
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m controlplane.demo", description=__doc__)
    parser.add_argument("--grpc", default="http://127.0.0.1:4317", help="address of the OTLP/gRPC receiver")
    parser.add_argument("--http", default="http://127.0.0.1:4318", help="base address of the OTLP/HTTP receiver")
    parser.add_argument("--seed", type=int, default=7, help="another seed tells other stories")
    parser.add_argument("--days", type=float, default=30, help="length of the history")
    parser.add_argument("--now", type=int, default=0, help="end of the history in Unix nanoseconds; 0 is this moment")
    parser.add_argument("--history", action=argparse.BooleanOptionalAction, default=True, help="send the past")
    parser.add_argument("--live", action=argparse.BooleanOptionalAction, default=True, help="then go on living")
    parser.add_argument("--tethered", action="store_true", help="stop when standard input is closed")
    return parser.parse_args(arguments)


def _report(line: Mapping[str, object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
    sys.stdout.buffer.flush()


def _follow_input(stop: threading.Event) -> None:
    """Stop when whoever started us is gone, however it ended: its end of the pipe closes then."""
    # Not through sys.stdin: its lock, held by a thread at exit, would crash the interpreter.
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
