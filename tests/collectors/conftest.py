from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from collectors.correlation.correlator import Correlator
from collectors.ingest import insert_settings
from collectors.store.client import Store
from collectors.store.migrate import migrate
from tests.clickhouse_http.running import ClickHouse
from tests.collectors.clustered import ClusteredStore
from tests.collectors.spans import SpanData, body

Insert = Callable[[Iterable[SpanData]], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a module's tests on each of its ``STORES``, in this process only where it names none.

    "chdb" is in this process, "http" behind ClickHouse's HTTP interface, "cluster" before a shard,
    "shards" before two (see :mod:`tests.collectors.clustered`).
    """
    if "store_url" in metafunc.fixturenames:
        metafunc.parametrize("store_url", getattr(metafunc.module, "STORES", ("chdb",)), indirect=True)


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store of this test's own: in this process, or behind HTTP."""
    if request.param != "http":
        return f"chdb://{tmp_path}/chdb"
    clickhouse: ClickHouse = request.getfixturevalue("clickhouse")
    return clickhouse.url(clickhouse.new_database())


@pytest.fixture
def store(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> Iterator[Store]:
    shards = {"cluster": 1, "shards": 2}.get(request.node.callspec.params["store_url"])
    with Store(store_url) if shards is None else ClusteredStore(tmp_path, shards) as opened:
        migrate(opened)
        yield opened


@pytest.fixture
def insert(store: Store) -> Insert:
    settings = insert_settings(store)

    def insert_spans(spans: Iterable[SpanData]) -> None:
        store.insert_raw("otlp_landing", body(spans), "ProtobufSingle", settings)

    return insert_spans


@pytest.fixture
def correlator(store: Store) -> Correlator:
    """A correlator that works when it is told to, in the test's own thread."""
    made = Correlator(store)
    made.resume()
    return made
