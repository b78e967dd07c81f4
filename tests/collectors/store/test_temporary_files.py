"""The embedded engine takes what is inserted from temporary files, whose disk is another matter than the store's."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from collectors.ingest import insert_settings
from collectors.store.client import Store, StoreUnavailable
from tests.collectors.spans import SpanData, body


def test_without_room_for_temporary_files_the_store_is_away_and_not_broken(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, content = insert_settings(store), body([SpanData("a", 1)])
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
        with pytest.raises(StoreUnavailable, match="No such file or directory"):
            store.insert_raw("otlp_landing", content, "ProtobufSingle", settings)
    store.insert_raw("otlp_landing", content, "ProtobufSingle", settings)
    assert store.query("SELECT count() FROM spans")[0][0] == 1
