from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from collectors import ingest
from collectors.correlation.correlator import Correlator
from collectors.ingest import GroupCommit, Overloaded, Unavailable, Unstorable
from collectors.store.client import Store, StoreError, StoreUnavailable
from tests.collectors.spans import SpanData, body

STORES = ("chdb", "http", "cluster")


class FaultyStore(Store):
    """The real store, with a hand on what happens to each insert."""

    def __init__(self, url: str, on_insert: Callable[[bytes], None]) -> None:
        super().__init__(url)
        self.on_insert = on_insert
        self.sizes: list[int] = []

    def insert_raw(self, table: str, data: bytes, fmt: str, settings: Mapping[str, Any]) -> None:
        self.sizes.append(len(data))
        self.on_insert(data)
        super().insert_raw(table, data, fmt, settings)


Faulty = Callable[[Callable[[bytes], None]], FaultyStore]


def count(store: Store) -> int:
    return int(store.query("SELECT count() FROM spans")[0][0])


def in_a_loop(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run to the end in a thread of its own: browser tests leave a loop running in the one that tests share."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(main())).result()


def run(store: Store, work: Callable[[GroupCommit], Awaitable[None]], buffer: int = 10**8) -> None:
    async def main() -> None:
        commit = GroupCommit(store, Correlator(store), buffer)
        await commit.start()
        try:
            await work(commit)
        finally:
            await commit.stop()

    in_a_loop(main)


@pytest.fixture
def faulty(store_url: str) -> Iterator[Faulty]:
    """A second door to the store, with a hand on its inserts."""
    made: list[FaultyStore] = []

    def make(on_insert: Callable[[bytes], None]) -> FaultyStore:
        made.append(FaultyStore(store_url, on_insert))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_an_acknowledged_body_is_stored(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        await commit.put(body([SpanData("a", 1)]), 1)
        assert count(store) == 1
        assert commit.buffered_bytes == 0

    run(store, work)


def test_bodies_that_arrive_together_are_stored_together(store: Store, faulty: Faulty) -> None:
    watched = faulty(lambda _: None)

    async def work(commit: GroupCommit) -> None:
        await asyncio.gather(*(commit.put(body([SpanData("a", ident)]), 1) for ident in range(1, 101)))

    run(watched, work)
    assert count(store) == 100
    assert len(watched.sizes) < 10


def test_a_batch_is_bounded_by_its_spans(store: Store, faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "BATCH_SPANS", 10)
    watched = faulty(lambda _: None)

    async def work(commit: GroupCommit) -> None:
        await asyncio.gather(*(commit.put(body([SpanData("a", ident)]), 1) for ident in range(1, 51)))

    run(watched, work)
    one = len(body([SpanData("a", 1)]))
    assert count(store) == 50
    assert max(watched.sizes) <= 10 * (one + 2)


def test_a_store_that_is_away_tells_senders_to_come_back_and_keeps_nothing(store: Store, faulty: Faulty) -> None:
    away = True

    def fail(_: bytes) -> None:
        if away:
            raise StoreUnavailable("connection refused")

    watched = faulty(fail)

    async def work(commit: GroupCommit) -> None:
        nonlocal away
        with pytest.raises(Unavailable):
            await commit.put(body([SpanData("a", 1)]), 1)
        assert commit.buffered_bytes == 0
        away = False
        await commit.put(body([SpanData("a", 1)]), 1)

    run(watched, work)
    assert count(store) == 1


def test_one_body_that_the_store_refuses_fails_alone(store: Store, faulty: Faulty) -> None:
    def refuse(data: bytes) -> None:
        if b"poison" in data:
            raise StoreError("can't parse")

    watched = faulty(refuse)

    async def work(commit: GroupCommit) -> None:
        names = ["good", "poison", "good", "good"]
        puts = [commit.put(body([SpanData(name, ident + 1)]), 1) for ident, name in enumerate(names)]
        results = await asyncio.gather(*puts, return_exceptions=True)
        assert [type(one) for one in results] == [type(None), Unstorable, type(None), type(None)]

    run(watched, work)
    assert count(store) == 3


def test_one_bad_body_among_many_costs_few_inserts(store: Store, faulty: Faulty) -> None:
    def refuse(data: bytes) -> None:
        if b"poison" in data:
            raise StoreError("can't parse")

    watched = faulty(refuse)

    async def work(commit: GroupCommit) -> None:
        puts = [commit.put(body([SpanData("poison" if ident == 37 else "good", ident)]), 1) for ident in range(1, 129)]
        results = await asyncio.gather(*puts, return_exceptions=True)
        assert [type(one) for one in results].count(type(None)) == 127
        assert isinstance(results[36], Unstorable)

    run(watched, work)
    assert count(store) == 127
    assert len(watched.sizes) <= 3 + 3 * 7  # at each halving the two halves, and whether the store takes anything


def test_a_store_that_refuses_all_is_not_the_senders_fault(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        store.command("RENAME TABLE otlp_landing TO elsewhere")
        with pytest.raises(Unavailable):
            await commit.put(body([SpanData("a", 1)]), 1)
        store.command("RENAME TABLE elsewhere TO otlp_landing")
        await commit.put(body([SpanData("a", 1)]), 1)

    run(store, work)
    assert count(store) == 1


@pytest.mark.parametrize("error", [RuntimeError("out of the blue"), MemoryError()], ids=["fault", "memory"])
def test_an_insert_that_fails_in_a_way_that_nobody_expects_leaves_no_sender_waiting(
    store: Store, faulty: Faulty, error: Exception
) -> None:
    fails = True

    def fail(_: bytes) -> None:
        if fails:
            raise error

    watched = faulty(fail)

    async def work(commit: GroupCommit) -> None:
        nonlocal fails
        with pytest.raises(Unavailable):
            await asyncio.wait_for(commit.put(body([SpanData("a", 1)]), 1), 30)
        assert commit.buffered_bytes == 0
        fails = False
        await commit.put(body([SpanData("a", 1)]), 1)

    run(watched, work)
    assert count(store) == 1


def test_a_full_buffer_refuses_at_once(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        with pytest.raises(Overloaded):
            await commit.put(bytes(1000), 1)

    run(store, work, buffer=999)


def test_a_sender_that_hangs_up_harms_no_other(store: Store) -> None:
    async def work(commit: GroupCommit) -> None:
        gone = asyncio.create_task(commit.put(body([SpanData("gone", 1)]), 1))
        stays = asyncio.create_task(commit.put(body([SpanData("stays", 2)]), 1))
        await asyncio.sleep(0)
        gone.cancel()
        await stays

    run(store, work)
    assert count(store) == 2


def test_stopping_stores_what_was_taken_and_takes_no_more(store: Store) -> None:
    async def main() -> None:
        commit = GroupCommit(store, Correlator(store), 10**8)
        await commit.start()
        taken = [asyncio.create_task(commit.put(body([SpanData("a", ident)]), 1)) for ident in range(1, 21)]
        await asyncio.sleep(0)
        await commit.stop()
        await asyncio.gather(*taken)
        with pytest.raises(Overloaded):
            await commit.put(body([SpanData("late", 99)]), 1)

    in_a_loop(main)
    assert count(store) == 20
