from __future__ import annotations

import time

import pytest

from collectors.otlp.check import check
from collectors.senders.model import MINUTE
from collectors.senders.reading import senders
from collectors.senders.reasons import ADVICE, Reason
from collectors.senders.recorder import Recorder
from collectors.senders.tally import MOST_LINES, OTHERS, Sender, Tally
from collectors.store.client import Store, StoreUnavailable
from tests.collectors.spans import T0, SpanData, request

STORES = ("chdb", "http")
NOW = T0 + 30 * 1_000_000_000
GATEWAY = Sender("gateway", "10.0.0.7", "OTel-Collector/1.2", "grpc")
STRANGER = Sender("", "10.0.0.9", "curl/8", "http/json")


@pytest.fixture
def now() -> int:
    """The store keeps rows for 30 days, so they must be of today."""
    return time.time_ns() // MINUTE * MINUTE + 30 * 1_000_000_000


def test_what_several_servers_counted_adds_up(store: Store, now: int) -> None:
    for _ in range(2):
        tally = Tally()
        tally.taken(GATEWAY, {"billing": 30, "erp": 10}, 4000, 2.0, now - MINUTE)
        tally.taken(GATEWAY._replace(peer="10.0.0.8"), {"billing": 6}, 600, 8.0, now)
        tally.refuse(STRANGER, Reason.UNAUTHENTICATED, "a bearer token is needed", now)
        tally.refuse(GATEWAY, Reason.INVALID_ID, "trace_id must be 16 bytes", now, {"billing": 3})
        Recorder(store, tally).record()
    found = senders(store, now - 60 * MINUTE, now)
    billing, erp, stranger = found.senders
    assert (billing.token, billing.service, billing.spans, billing.requests, billing.recent) == (
        "gateway",
        "billing",
        72,
        4,
        60,
    )
    assert (billing.bytes, billing.peers, billing.agents) == (
        2 * (3000 + 600),
        ["10.0.0.7", "10.0.0.8"],
        ["OTel-Collector/1.2"],
    )
    assert (billing.lag_seconds, billing.lag_most_seconds, billing.last_at) == (5.0, 8.0, now)
    assert billing.rates == {(now - MINUTE) // MINUTE * MINUTE: 60, now // MINUTE * MINUTE: 12}
    (refused,) = billing.refused
    assert (refused.reason, refused.requests, refused.spans, refused.last_at) == (Reason.INVALID_ID, 2, 6, now)
    assert (refused.example, refused.peer, refused.transport) == ("trace_id must be 16 bytes", "10.0.0.7", "grpc")
    assert (erp.service, erp.spans, erp.refused) == ("erp", 20, ())
    assert (stranger.token, stranger.service, stranger.spans, stranger.lag_seconds) == ("", "", 0, None)
    assert [one.reason for one in stranger.refused] == [Reason.UNAUTHENTICATED]
    assert senders(store, now - 60 * MINUTE, now, stranger.id).senders == [stranger]
    assert senders(store, now - 60 * MINUTE, now, "nobody").senders == []


def test_a_stranger_is_known_by_where_it_comes_from_and_a_token_by_its_name(store: Store, now: int) -> None:
    tally = Tally()
    for peer in ("10.0.0.1", "10.0.0.2"):
        tally.taken(Sender("a", peer, "x", "grpc"), {"s": 1}, 1, None, now)
        tally.refuse(Sender("", peer, "x", "grpc"), Reason.UNAUTHENTICATED, "", now)
    Recorder(store, tally).record()
    found = senders(store, now - MINUTE, now).senders
    assert sorted((one.token, one.peers) for one in found) == [
        ("", ["10.0.0.1"]),
        ("", ["10.0.0.2"]),
        ("a", ["10.0.0.1", "10.0.0.2"]),
    ]


def test_what_the_store_did_not_take_is_kept_and_counts_once(
    store: Store, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = Tally()
    recorder = Recorder(store, tally)
    tally.taken(GATEWAY, {"billing": 5}, 100, 1.0, now)
    insert, lost = Store.insert, True

    def answerless(self: Store, *args: object) -> None:
        insert(self, *args)  # type: ignore[arg-type] # as they came
        if lost:
            raise StoreUnavailable("the answer was lost")

    monkeypatch.setattr(Store, "insert", answerless)
    with pytest.raises(StoreUnavailable):
        recorder.record()
    lost = False
    tally.taken(GATEWAY, {"billing": 1}, 100, 1.0, now)
    recorder.record()
    recorder.record()
    (one,) = senders(store, now - MINUTE, now).senders
    assert (one.spans, one.requests) == (6, 2)


def test_made_up_names_fill_neither_memory_nor_the_store() -> None:
    tally = Tally()
    for number in range(MOST_LINES + 500):
        tally.taken(Sender("t", "p", "a" * 10_000, "grpc"), {f"service-{number}": 1}, 1, None, NOW)
    lines = tally.drain()
    assert len(lines) == MOST_LINES + 1
    assert all(len(line.agent) <= 200 for line in lines)
    assert next(counts.spans for line, counts in lines.items() if line.service == OTHERS) == 500


def test_every_reason_has_its_advice() -> None:
    assert set(ADVICE) == set(Reason)


def test_the_check_says_whose_spans_it_kept_and_left_out() -> None:
    erp = {"service.name": "erp"}
    message = request([SpanData("a", 1), SpanData("b", 2, seconds=7), SpanData("c", 0), SpanData("d", 4, resource=erp)])
    message.resource_spans[3].scope_spans[0].spans[0].start_time_unix_nano = 1
    checked = check(message.SerializeToString(), NOW)
    assert checked.services == {"billing-sync": 2}
    assert checked.ended == T0 + 7_000_000_000
    assert checked.left_out == {Reason.INVALID_ID: {"billing-sync": 1}, Reason.INVALID_TIME: {"erp": 1}}
