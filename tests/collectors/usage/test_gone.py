"""Who calls versions that were retired, since they were."""

from __future__ import annotations

from collectors.store.client import Store
from collectors.usage.gone import LateCalls, late_calls
from registry.kinds.api import APISpec
from tests.collectors.conftest import Insert
from tests.collectors.spans import SECOND, T0
from tests.collectors.usage.test_reading import API, CLIENT, CONSUMER, DAY, SERVER, V1, V2, span


def trace(ident: int) -> str:
    return f"{ident:032x}"


def test_calls_after_the_end_are_counted_by_caller_with_their_operations_and_traces(
    store: Store, insert: Insert
) -> None:
    gone = T0 + 10 * DAY * SECOND
    get = V1 | {"url.template": "/v1/customers/{id}"}
    insert(
        [
            span(1, "poster", CLIENT, 2 * DAY, attributes=get),
            span(2, "poster", CLIENT, 10 * DAY, attributes=get),
            span(3, "poster", CLIENT, 12 * DAY, attributes=get | {"http.request.method": "DELETE"}),
            span(4, "crm", CLIENT, 11 * DAY, attributes=get),
            span(5, "hub", SERVER, 11 * DAY, attributes=V2),
        ]
    )
    found = late_calls(store, API, {"v1": gone}, T0 + 30 * DAY * SECOND)
    assert [(one.service, one.version, one.calls) for one in found] == [("crm", "v1", 1), ("poster", "v1", 2)]
    poster = found[1]
    assert (poster.first_at, poster.last_at) == (gone, T0 + 12 * DAY * SECOND)
    assert poster.operations == ("DELETE /v1/customers/{id}", "GET /v1/customers/{id}")
    assert poster.traces
    assert set(poster.traces) == {trace(1)}
    apart = late_calls(store, API, {"v1": gone}, T0 + 30 * DAY * SECOND, apart=True)
    assert [(one.service, one.calls, one.operations) for one in apart] == [
        ("crm", 1, ("GET /v1/customers/{id}",)),
        ("poster", 1, ("DELETE /v1/customers/{id}",)),
        ("poster", 1, ("GET /v1/customers/{id}",)),
    ]
    # The same spans once more change nothing.
    insert([span(2, "poster", CLIENT, 10 * DAY, attributes=get)])
    assert late_calls(store, API, {"v1": gone}, T0 + 30 * DAY * SECOND) == found


def test_each_version_has_an_end_of_its_own_and_what_tells_none_may_be_asked_for(store: Store, insert: Insert) -> None:
    insert(
        [
            span(1, "poster", CLIENT, DAY, attributes=V1),
            span(2, "poster", SERVER, DAY, attributes={"api.name": "hub"}),
            span(3, "reader", CONSUMER, 3 * DAY, attributes={"api.name": "hub"}),
        ]
    )
    ends = {"v1": T0 + 2 * DAY * SECOND, "": T0 + 2 * DAY * SECOND}
    found = late_calls(store, API, ends, T0 + 30 * DAY * SECOND)
    assert [(one.service, one.version, one.calls) for one in found] == [("reader", "", 1)]
    assert late_calls(store, API, {}, T0) == []


def test_versions_are_names_and_never_a_piece_of_the_question(store: Store, insert: Insert) -> None:
    insert([span(1, "poster", CLIENT, DAY, attributes=V1)])
    api = APISpec.model_validate(
        {"system": "hub", "protocol": "rest", "versions": [{"version": "v1", "calls": [{"host": "hub.example"}]}]}
    )
    odd: list[LateCalls] = late_calls(store, api, {"' OR 1 --": T0}, T0 + 30 * DAY * SECOND)
    assert odd == []
