"""``python -m tests.clickhouse_http FOLDER PORT USER PASSWORD DATABASE...``: serve until SIGTERM."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.clickhouse_http.engine import Engine
from tests.clickhouse_http.server import StandIn


def main(folder: str, port: str, user: str, password: str, *databases: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    # chDB writes format schemas that come as text beside where it was started.
    os.chdir(folder)
    engine = Engine(Path(folder))
    for name in databases:
        engine.create_database(name)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    StandIn(("127.0.0.1", int(port)), engine, user, password).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
