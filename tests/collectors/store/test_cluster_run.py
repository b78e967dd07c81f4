from __future__ import annotations

from collectors.store.client import Store
from collectors.store.migrate import pending

STORES = ("cluster",)


def test_every_migration_runs_before_a_shard(store: Store) -> None:
    assert pending(store) == []
    kinds = dict(store.query("SELECT name, engine FROM system.tables WHERE database = currentDatabase()"))
    assert (kinds["spans"], kinds["spans_local"], kinds["otlp_landing"]) == ("Distributed", "MergeTree", "Null")
