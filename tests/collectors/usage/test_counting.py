"""Counts that are kept: always what looking through all spans gives, and less to look through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.store.client import Store
from collectors.usage import counting
from collectors.usage.counting import Counted, Kept, Question, Unit, units
from collectors.usage.hops import hops
from collectors.usage.reading import api_usage
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData
from tests.collectors.usage.test_hops import HUB, LEDGER
from tests.collectors.usage.test_reading import CLIENT, CONSUMER, PRODUCER, SERVER

HOUR, DAY = 3_600, 86_400
ZERO = T0 // (DAY * SECOND) * DAY * SECOND


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were many spans."""
    monkeypatch.setattr(counting, "_FEW", 0)


def span(ident: int, service: str, kind: int, start: float, **more: Any) -> SpanData:
    return SpanData("x", ident, start, 0.1, resource={"service.name": service}, kind=kind, **({"trace": ident} | more))


def call(number: int, start: float, apart: float, failed: bool) -> list[SpanData]:
    """Both spans of a call of the hub, 0 to 3,600 s apart."""
    caller = span(number, f"caller-{number % 2}", CLIENT, start, attributes={"server.address": "hub"}, trace=number)
    received = span(
        number + 5_000, "hub", SERVER, start + apart, trace=number, parent=number, error=failed,
        attributes={"http.route": "/v2/ids"},
    )  # fmt: skip
    return [caller, received]


def message(number: int, start: float, waited: float, failed: bool) -> list[SpanData]:
    """A message that waits for up to a day."""
    queue = {"messaging.destination.name": "erp.invoices"}
    sent = span(number, "hub", PRODUCER, start, attributes=queue, trace=number)
    read = span(
        number + 5_000, "poster", CONSUMER, start + waited, attributes=queue, trace=number + 5_000,
        links=((number, number),), error=failed,
    )  # fmt: skip
    return [sent, read]


def unseen(number: int, start: float, _: float, failed: bool) -> list[SpanData]:
    """A call of something that sends no traces."""
    return [span(number, "poster", CLIENT, start, attributes={"server.address": "erp.example"}, error=failed)]


moments = st.floats(0, 4 * DAY - 1)
calls = st.one_of(
    st.tuples(st.just(call), moments, st.floats(0, HOUR - 1), st.booleans()),
    st.tuples(st.just(message), moments, st.floats(0, DAY - 1), st.booleans()),
    st.tuples(st.just(unseen), moments, st.just(0.0), st.booleans()),
)
windows = st.tuples(st.integers(-HOUR, 3 * DAY), st.integers(1, 4 * DAY)).map(
    lambda one: (T0 + one[0] * SECOND, T0 + (one[0] + one[1]) * SECOND)
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(calls, max_size=6), min_size=1, max_size=4), window=windows, data=st.data())
def test_what_was_kept_and_counted_anew_is_what_all_spans_give(
    store: Store, insert: Insert, batches: list[list[Any]], window: tuple[int, int], data: st.DataObject
) -> None:
    store.command("TRUNCATE TABLE spans")
    kept, apis = Kept(), {"hub": HUB, "ledger": LEDGER}
    number = 0
    waiting: list[SpanData] = []
    for batch in batches:
        for make, *about in batch:
            number += 1
            waiting += make(number, *about)
        # One of a call's two spans may come much later, or twice.
        now = [one for one in waiting if data.draw(st.integers(0, 3))]
        again = data.draw(st.booleans())
        waiting = waiting if again else [one for one in waiting if one not in now]
        insert(now)
        for since, until in (window, (T0 - HOUR * SECOND, T0 + 5 * DAY * SECOND)):
            assert hops(store, apis, since, until, kept) == hops(store, apis, since, until)
            assert api_usage(store, HUB, since, until, kept) == api_usage(store, HUB, since, until)


def test_what_was_counted_is_not_looked_through_again_until_something_else_came(
    store: Store, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert([one for day in range(3) for one in call(day + 1, day * DAY, 1, failed=False)])
    looked: list[tuple[int, int]] = []
    found = counting._looked_through

    def noted(of: Store, question: Question, times: Sequence[tuple[int, int]], step: int) -> list[Counted]:
        looked.extend(times)
        return found(of, question, times, step)

    monkeypatch.setattr(counting, "_looked_through", noted)
    kept, window = Kept(), (ZERO - DAY * SECOND, ZERO + 5 * DAY * SECOND)
    first = hops(store, {}, *window, kept)
    assert looked == [window]
    looked.clear()
    assert hops(store, {}, *window, kept) == first
    assert looked == []
    insert(call(9, 2.5 * DAY, 1, failed=True))
    late = hops(store, {}, *window, kept)
    assert [(one.sender, one.calls, one.errors) for one in late] == [("caller-1", 3, 1), ("caller-0", 1, 0)]
    # Only its own day and the next, in which its receiver might be read.
    assert looked == [(ZERO + 2 * DAY * SECOND, ZERO + 4 * DAY * SECOND)]
    looked.clear()
    store.command("ALTER TABLE spans DELETE WHERE ts >= fromUnixTimestamp64Nano({at:Int64}) SETTINGS mutations_sync = 2",
                  {"at": ZERO + 2 * DAY * SECOND})  # fmt: skip
    assert [one.calls for one in hops(store, {}, *window, kept)] == [1, 1]
    assert looked != []


def test_where_there_are_few_spans_nothing_is_kept(
    store: Store, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_FEW", 100)
    insert(call(1, 0, 1, failed=False))
    kept, window = Kept(), (ZERO, ZERO + 5 * DAY * SECOND)
    assert hops(store, {}, *window, kept) == hops(store, {}, *window)
    assert kept._size == 0


def test_names_with_ids_in_them_are_not_kept(store: Store, insert: Insert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_MOST_OF_ONE", 5)
    monkeypatch.setattr(counting, "_MOST", 30)
    insert([span(n, f"service-{n}", CLIENT, n, attributes={"server.address": "x"}) for n in range(1, 8)])
    kept, window = Kept(), (ZERO, ZERO + 40 * DAY * SECOND)
    for _ in range(2):
        assert len(hops(store, {}, *window, kept)) == 7
    assert kept._size <= 30
    assert kept._size == len(kept._found)


def test_names_with_ids_in_them_are_counted_but_not_told(
    store: Store, insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_MOST_NAMES", 3)
    about = [{"http.route": f"/v2/{n}"} for n in (1, 1, 2, 2, 2, 3, 4, 5)]
    insert([span(n, "hub", SERVER, n, attributes=one) for n, one in enumerate(about, 1)])
    (one,) = api_usage(store, HUB, ZERO, ZERO + 2 * DAY * SECOND).consumers
    assert one.calls == 8
    assert {name: count.calls for name, count in one.operations.items()} == {"/v2/2": 3, "/v2/1": 2, "/v2/3": 1}


@given(since=st.integers(0, 10 * DAY), length=st.integers(1, 10 * DAY))
def test_units_are_a_time_without_gaps(since: int, length: int) -> None:
    until = since + length
    found = units(since * SECOND, until * SECOND)
    assert (found[0].start, found[-1].end) == (since * SECOND, until * SECOND)
    assert all(one.end == other.start for one, other in pairwise(found))
    for one in found:
        assert one.start // (one.step * SECOND) == (one.end - 1) // (one.step * SECOND) == one.at // one.step
    assert all(one.whole for one in found[1:-1])
    assert sum(one.step == HOUR for one in found) <= 48


def test_days_stand_in_the_middle_and_hours_around_them() -> None:
    found = units(ZERO + 22 * HOUR * SECOND + 1, ZERO + (3 * DAY + HOUR) * SECOND + 5)
    assert [one.step for one in found] == [HOUR, HOUR, DAY, DAY, HOUR, HOUR]
    assert [one.whole for one in found] == [False, True, True, True, True, False]
    assert units(ZERO, ZERO + 10) == [Unit(ZERO, ZERO + 10, HOUR)]
