from __future__ import annotations

from collections.abc import Callable

from collectors.events.model import CloudEvent
from collectors.events.sampling import LARGEST, MOST_KINDS, MOST_WAITING, PER_MINUTE, Kind, Sampler


def events(count: int, kind: str = "paid", start: int = 0) -> list[CloudEvent]:
    return [CloudEvent(f"{kind}-{one}", "/billing", kind) for one in range(start, start + count)]


def at(moment: list[float]) -> Callable[[], float]:
    return lambda: moment[0]


def test_so_many_of_a_kind_are_kept_in_a_minute() -> None:
    moment = [0.0]
    sampler = Sampler(at(moment))
    sampler.offer(events(100), 1_000)
    sampler.offer(events(3, "voided"), 1_000)
    sample = sampler.drain()
    paid, voided = Kind("/billing", "paid"), Kind("/billing", "voided")
    assert sample.seen == {paid: 100, voided: 3}
    assert sample.kept == {paid: PER_MINUTE, voided: 3}
    assert len(sample.events) == PER_MINUTE + 3
    assert sampler.outcomes["left out"] == 100 - PER_MINUTE
    sampler.offer(events(5, start=100), 1_000)
    assert sampler.drain().kept == {}
    moment[0] = 61.0
    sampler.offer(events(5, start=200), 1_000)
    assert sampler.drain().kept == {paid: 5}


def test_what_comes_again_is_not_new() -> None:
    sampler = Sampler(at([0.0]))
    sampler.offer(events(3), 100)
    sampler.offer(events(3), 100)
    assert sampler.drain().seen.total() == 3


def test_nothing_grows_without_bound() -> None:
    sampler = Sampler(at([0.0]))
    for number in range(MOST_KINDS + 10):
        sampler.offer(events(1, f"kind-{number}"), 100)
    sample = sampler.drain()
    assert len(sample.seen) == MOST_KINDS
    assert len(sample.events) == MOST_WAITING
    assert sampler.outcomes["left out"] == MOST_KINDS + 10 - MOST_WAITING


def test_large_events_are_counted_and_not_kept() -> None:
    sampler = Sampler(at([0.0]))
    sampler.offer(events(2), 2 * LARGEST + 1)
    sample = sampler.drain()
    assert (sample.seen.total(), len(sample.events)) == (2, 0)
