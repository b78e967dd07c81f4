"""A cluster inside chDB: all that a cluster does differently, but for DDL queues and replication.

Each of its shards is this very process: of two both read the same tables, so every row comes twice, and ClickHouse plans,
sends and refuses what it would with two machines.

What needs a keeper (``ON CLUSTER``, ``Replicated...``) is taken out of the statements before they run; test_cluster.py has
ClickHouse's own parser read them whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import clickhouse_connect

from collectors.store import cluster, embedded
from collectors.store.client import _SESSION, Store

NAME = "one"
_CONFIG = """
<clickhouse>
  <tcp_port>9000</tcp_port>
  <remote_servers><one>{shards}</one></remote_servers>
</clickhouse>
"""
_SHARD = (
    "<shard><internal_replication>true</internal_replication>"
    "<replica><host>127.0.0.1</host><port>9000</port></replica></shard>"
)


class ClusteredStore(Store):
    """A store that believes in its cluster; each shard is this process itself, so no port is opened or asked."""

    def __init__(self, directory: Path, shards: int = 1) -> None:
        super().__init__(f"chdb://{directory}/chdb", on_cluster=NAME)
        self._config = directory / "cluster.xml"
        self._config.write_text(_CONFIG.format(shards=_SHARD * shards), encoding="utf-8")

    def _connect(self) -> Any:
        assert self.directory is not None
        embedded.claim(self.directory)
        return clickhouse_connect.get_client(
            interface="chdb",
            path=f"{self.directory}?config-file={self._config}",
            # The one thing that differs: other replicas would be asked over a port that is not open.
            settings={**_SESSION, **cluster.session(NAME), "prefer_localhost_replica": 1},
        )

    def define(self, sql: str, *, settings: Mapping[str, Any] | None = None) -> None:
        for statement in cluster.clustered(sql, NAME):
            self.command(without_keeper(statement), settings=settings)


def without_keeper(statement: str) -> str:
    """The statement for a server that has no keeper."""
    return re.sub(r"ENGINE = Replicated(\w*MergeTree)", r"ENGINE = \1", statement.replace(f" ON CLUSTER '{NAME}'", ""))
