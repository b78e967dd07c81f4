from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from collectors.correlation.correlator import Correlator
from collectors.ingest import insert_settings
from collectors.store.client import Store
from collectors.store.migrate import migrate
from tests.collectors.spans import SpanData, body

Insert = Callable[[Iterable[SpanData]], None]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"chdb://{tmp_path}/chdb") as opened:
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
