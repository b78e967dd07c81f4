"""Traces in which calls can be looked at."""

from __future__ import annotations

from collectors.store.client import Store
from collectors.usage.examples import examples
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0, SpanData
from tests.collectors.usage.test_reading import API, CLIENT, DAY, SERVER, V1, V2


def test_the_first_time_and_the_latest_traces_of_each_kind_of_call(store: Store, insert: Insert) -> None:
    other = V1 | {"url.template": "/v1/deals"}
    insert(
        [
            *(
                SpanData(
                    "call",
                    10 + day,
                    day * DAY,
                    0.1,
                    V1 | {"url.template": "/v1/x"},
                    {"service.name": "poster"},
                    kind=CLIENT,
                )
                for day in range(5)
            ),
            SpanData("call", 30, 50, 0.1, other, {"service.name": "crm"}, kind=CLIENT),
            SpanData("call", 31, 50, 0.1, V2, {"service.name": "hub"}, kind=SERVER),
        ]
    )
    between = (T0 - SECOND, T0 + 30 * DAY * SECOND)
    found = examples(store, API, between, {"GET /v1/x"}, {"crm"})
    assert [(one.service, one.version, one.operation, (one.first_at - T0) // SECOND) for one in found] == [
        ("crm", "v1", "GET /v1/deals", 50),
        ("poster", "v1", "GET /v1/x", 0),
    ]
    assert [int(trace, 16) for _, trace in found[1].traces] == [14, 13, 12]
    assert [(at - T0) // SECOND for at, _ in found[1].traces] == [4 * DAY, 3 * DAY, 2 * DAY]
    assert examples(store, API, between, set(), set()) == []
