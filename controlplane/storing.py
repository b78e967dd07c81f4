"""The observed store that the settings name."""

from __future__ import annotations

from collectors.store.client import Store
from controlplane.settings import Settings


def observed_store(settings: Settings, *, timeout: float = 30.0) -> Store:
    """Nothing is opened yet; ``timeout`` is the seconds that a server may take. Raises ``StoreError``."""
    return Store(
        settings.clickhouse,
        timeout=timeout,
        on_cluster=settings.clickhouse_cluster,
        ca_file=settings.clickhouse_ca_file,
    )
