"""Small bodies that come soon after an insert: acknowledged from the journal, stored together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from collectors import ingest
from collectors.correlation.correlator import Correlator
from collectors.ingest import GroupCommit, Overloaded, Unavailable, Unstorable
from collectors.store.client import Store, StoreError, StoreUnavailable
from tests.collectors.spans import SpanData, body, request
from tests.collectors.test_ingest import FaultyStore, count, in_a_loop


def one(ident: int, name: str = "a") -> bytes:
    return body([SpanData(name, ident)])


def journal(store: Store) -> list[str]:
    assert store.directory is not None
    return sorted(path.name for path in (store.directory / "journal").iterdir())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what it waits for is a file or a row
            await asyncio.sleep(0.01)


def run(store: Store, work: Callable[[GroupCommit], Awaitable[None]], buffer: int = 10**8) -> None:
    async def main() -> None:
        commit = GroupCommit(store, Correlator(store), buffer)
        await commit.start()
        try:
            await work(commit)
        finally:
            await commit.stop()

    in_a_loop(main)


def killed(store: Store, work: Callable[[GroupCommit], Coroutine[Any, Any, None]]) -> None:
    """Run without the end: what is in memory is lost."""

    async def main() -> None:
        commit = GroupCommit(store, Correlator(store), 10**8)
        await commit.start()
        await work(commit)
        assert commit._dispatcher is not None
        commit._dispatcher.cancel()
        assert commit._journal is not None
        commit._journal.close()

    in_a_loop(main)


@pytest.fixture
def long_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LINGER_SECONDS", 3600.0)


@pytest.mark.usefixtures("long_pause")
def test_the_first_body_is_stored_before_it_is_acknowledged_and_those_soon_after_stand_in_the_journal(
    store: Store,
) -> None:
    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        assert count(store) == 1
        for ident in range(2, 12):
            await commit.put(one(ident), 1)
        assert (count(store), commit.inserts, len(journal(store))) == (1, 1, 1)
        assert commit.buffered_bytes == sum(len(one(ident)) for ident in range(2, 12))

    run(store, work)
    assert (count(store), journal(store)) == (11, [])


@pytest.mark.usefixtures("long_pause")
def test_what_was_acknowledged_is_stored_by_the_next_process_after_a_kill(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        for ident in range(1, 6):
            await commit.put(one(ident), 1)

    killed(store, work)
    assert count(store) == 1

    async def nothing(_: GroupCommit) -> None:
        assert (count(store), journal(store)) == (5, [])

    run(store, nothing)


def test_they_are_stored_after_a_while_though_nothing_more_comes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LINGER_SECONDS", 0.5)

    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        await commit.put(one(2), 1)
        await until(lambda: commit.inserts == 2)
        await until(lambda: journal(store) == [])
        assert (count(store), commit.buffered_bytes) == (2, 0)

    run(store, work)


@pytest.mark.usefixtures("long_pause")
def test_a_full_batch_waits_for_no_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "BATCH_SPANS", 10)

    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        for ident in range(2, 12):
            await commit.put(one(ident), 1)
        await until(lambda: commit.inserts == 2)
        assert count(store) == 11

    run(store, work)


@pytest.mark.usefixtures("long_pause")
def test_while_the_store_is_away_what_is_acknowledged_waits_and_new_senders_are_told(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = False

    def fail(_: bytes) -> None:
        if away:
            raise StoreUnavailable("connection refused")

    monkeypatch.setattr(ingest, "RETRY_SECONDS", 0.05)
    watched = FaultyStore(store_url, fail)

    async def work(commit: GroupCommit) -> None:
        nonlocal away
        await commit.put(one(1), 1)
        await commit.put(one(2), 1)
        away = True
        commit._began = float("-inf")  # the pause is over
        with pytest.raises(Unavailable):
            await commit.put(one(3), 1)
        with pytest.raises(Unavailable):
            await commit.put(one(4), 1)
        assert (count(store), len(journal(store))) == (1, 1)
        assert commit.buffered_bytes == len(one(2))
        away = False
        await until(lambda: journal(store) == [])
        assert (count(store), commit.buffered_bytes) == (2, 0)

    run(watched, work)
    watched.close()


@pytest.mark.usefixtures("long_pause")
def test_an_acknowledged_body_that_the_store_refuses_is_kept_in_a_file(store: Store, store_url: str) -> None:
    def refuse(data: bytes) -> None:
        if b"poison" in data:
            raise StoreError("can't parse")

    watched = FaultyStore(store_url, refuse)

    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        for ident, name in enumerate(("good", "poison", "good"), start=2):
            await commit.put(one(ident, name), 1)

    run(watched, work)
    assert count(store) == 3
    assert [name.partition(".")[2] for name in journal(store)] == ["otlp-refused"]
    watched.close()


def wrong(ident: int) -> bytes:
    """A body whose status is a number: Python reads it as a field that it does not know, ClickHouse not at all."""
    message = request([SpanData("wrong", ident)])
    message.resource_spans[0].scope_spans[0].spans[0].MergeFromString(b"\x78\x01")
    return message.SerializeToString()


@pytest.mark.usefixtures("long_pause")
def test_after_one_body_that_is_encoded_wrongly_senders_hear_of_the_others(store: Store) -> None:
    later = one(7) + b"\xba\x3e\x03new"  # field 999, which a later version may add

    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        await commit.put(wrong(2), 1)
        commit._want()
        await until(lambda: [name.partition(".")[2] for name in journal(store)] == ["otlp-refused"])
        for ident in (3, 4):
            with pytest.raises(Unstorable, match="PROTOBUF"):
                await commit.put(wrong(ident), 1)
        await commit.put(one(5), 1)
        assert len(journal(store)) == 2, "what is encoded rightly goes on to be acknowledged from the journal"
        await commit.put(later, 1)
        assert count(store) == 3

    run(store, work)
    assert (count(store), len(journal(store))) == (3, 1)


@pytest.mark.usefixtures("long_pause")
def test_what_was_refused_is_kept_though_the_rest_had_to_be_tried_again(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = True

    def fail(data: bytes) -> None:
        if b"poison" in data:
            raise StoreError("can't parse")
        if away and b"later" in data:
            raise StoreUnavailable("connection refused")

    monkeypatch.setattr(ingest, "RETRY_SECONDS", 0.05)
    watched = FaultyStore(store_url, fail)

    async def work(commit: GroupCommit) -> None:
        nonlocal away
        await commit.put(one(1), 1)
        await commit.put(one(2, "poison"), 1)
        await commit.put(one(3, "later"), 1)
        commit._want()
        await until(lambda: commit.failures >= 4)
        away = False
        await until(lambda: commit.buffered_bytes == 0)

    run(watched, work)
    assert count(store) == 2
    assert [name.partition(".")[2] for name in journal(store)] == ["otlp-refused"]
    watched.close()


@pytest.mark.usefixtures("long_pause")
def test_one_body_that_the_store_refuses_spoils_no_other_after_a_kill(store: Store, store_url: str) -> None:
    def refuse(data: bytes) -> None:
        if b"poison" in data:
            raise StoreError("can't parse")

    async def work(commit: GroupCommit) -> None:
        for ident, name in enumerate(("first", "good", "poison", "good"), start=1):
            await commit.put(one(ident, name), 1)

    killed(store, work)
    watched = FaultyStore(store_url, refuse)

    async def nothing(_: GroupCommit) -> None:
        assert count(store) == 3
        assert [name.partition(".")[2] for name in journal(store)] == ["otlp-refused"]

    run(watched, nothing)
    watched.close()


@pytest.mark.usefixtures("long_pause")
def test_a_store_that_refuses_all_at_the_start_costs_nothing_of_the_journal(store: Store, store_url: str) -> None:
    refuses = True

    def refuse(_: bytes) -> None:
        if refuses:
            raise StoreError("no such table")

    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        await commit.put(one(2), 1)

    killed(store, work)
    watched = FaultyStore(store_url, refuse)

    async def nothing(_: GroupCommit) -> None:
        return

    with pytest.raises(StoreUnavailable, match="no such table"):
        run(watched, nothing)
    assert [name.partition(".")[2] for name in journal(store)] == ["otlp"]
    refuses = False
    run(watched, nothing)
    assert (count(store), journal(store)) == (2, [])
    watched.close()


@pytest.mark.usefixtures("long_pause")
def test_the_journal_counts_towards_the_bound(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        await commit.put(one(2), 1)
        with pytest.raises(Overloaded):
            await commit.put(one(3), 1)

    run(store, work, buffer=2 * len(one(1)) - 1)


def test_the_same_body_again_is_acknowledged_and_stored_once(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        await commit.put(one(1), 1)
        assert commit.repeated == 1

    run(store, work)
    assert count(store) == 1


def test_a_body_that_was_refused_is_no_repetition(store: Store, store_url: str) -> None:
    away = True

    def fail(_: bytes) -> None:
        if away:
            raise StoreUnavailable("connection refused")

    watched = FaultyStore(store_url, fail)

    async def work(commit: GroupCommit) -> None:
        nonlocal away
        with pytest.raises(Unavailable):
            await commit.put(one(1), 1)
        away = False
        await commit.put(one(1), 1)

    run(watched, work)
    assert count(store) == 1
    watched.close()


def test_the_folder_belongs_to_the_embedded_store(store: Store, tmp_path: Path) -> None:
    async def work(_: GroupCommit) -> None:
        assert (tmp_path / "chdb" / "journal").is_dir()

    run(store, work)


@pytest.mark.usefixtures("long_pause")
def test_what_waits_goes_out_when_somebody_looks(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        await commit.put(one(1), 1)
        commit.asked()  # nothing waits, so this is for nothing
        await commit.put(one(2), 1)
        assert count(store) == 1
        await asyncio.to_thread(commit.asked)
        await until(lambda: count(store) == 2)
        await commit.put(one(3), 1)
        await asyncio.sleep(0.2)
        assert count(store) == 2, "one look is one insert"

    run(store, work)
    assert count(store) == 3
