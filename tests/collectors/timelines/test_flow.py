"""Flows and variants against the same figures counted one by one."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.correlation.keys import key_hash
from collectors.store.client import Store
from collectors.timelines.filtering import Filter
from collectors.timelines.flow import Flows, Hop, Stop
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key
from tests.collectors.timelines.history import DAY, DEFINITION, HOUR, NOW, SECOND, STEPS, invoice, milestone, write

STORES = ("chdb", "cluster")

WORKFLOW = "invoice-to-cash"


def way(one: Instance) -> tuple[str, ...]:
    return tuple(sorted(one.reached, key=lambda step: (one.reached[step], STEPS.index(step))))


def flows(store: Store) -> Flows:
    return Flows(store, lambda: {WORKFLOW: DEFINITION})


def test_hops_stops_and_variants_of_a_small_company(store: Store) -> None:
    usual = [("finalized", 0), ("posted", 60 * SECOND), ("paid", DAY)]
    found = [
        *(invoice(number, NOW - 3 * DAY, usual, "100.10") for number in range(6)),
        invoice(6, NOW - 5 * HOUR, [("finalized", 0)], "7.00", "USD"),
        invoice(7, NOW - 4 * HOUR, [("finalized", 0)], "8.00"),
        invoice(8, NOW - 2 * DAY, [("finalized", 0), ("paid", HOUR), ("posted", 2 * HOUR)]),
    ]
    write(store, found)
    flow = flows(store).flow(WORKFLOW, Filter())
    assert flow.total == 9
    assert flow.reached == {"finalized": 9, "paid": 7, "posted": 7}
    assert flow.began == {"finalized": 9}
    assert flow.hops == (
        Hop("finalized", "posted", 6, 60 * SECOND, 60 * SECOND),
        Hop("posted", "paid", 6, 86_300 * SECOND, 86_300 * SECOND),
        Hop("finalized", "paid", 1, HOUR, HOUR),
        Hop("paid", "posted", 1, HOUR, HOUR),
    )
    assert flow.stops == (
        Stop("paid", "completed", 6, {"EUR": Decimal("600.60")}, NOW - 2 * DAY),
        Stop("finalized", "running", 2, {"EUR": Decimal(8), "USD": Decimal(7)}, NOW - 5 * HOUR),
        Stop("posted", "completed", 1, {}, NOW - 2 * DAY + 2 * HOUR),
    )
    variants = flows(store).variants(WORKFLOW, Filter(), limit=2)
    assert [(one.path, one.count, one.completed, one.p50) for one in variants.items] == [
        (("finalized", "posted", "paid"), 6, 6, 86_400 * SECOND),
        (("finalized",), 2, 0, 0),
    ]
    assert (variants.number, variants.total) == (3, 9)
    assert variants.items[0].amounts == {"EUR": Decimal("600.60")}


def test_filters_narrow_a_flow(store: Store) -> None:
    write(
        store, [invoice(number, NOW, [("finalized", 0), ("posted", SECOND)][: number % 2 + 1]) for number in range(9)]
    )
    reader = flows(store)
    assert reader.flow(WORKFLOW, Filter(dimensions={"entity": "DE01"})).total == 4
    assert reader.flow(WORKFLOW, Filter(current="posted")).reached == {"finalized": 4, "posted": 4}
    assert reader.flow(WORKFLOW, Filter(key=key_hash(Key("invoice", "in_3")))).total == 1
    assert reader.flow(WORKFLOW, Filter(key=key_hash(Key("invoice", "nothing")))).total == 0
    assert reader.variants(WORKFLOW, Filter(missing="posted")).items[0].path == ("finalized",)
    assert reader.flow("unknown", Filter()).total == 0
    assert reader.variants("unknown", Filter()).items == ()


def test_an_object_with_failed_attempts_only_has_no_way(store: Store) -> None:
    one = milestone(1, "posted", NOW, status="error")
    write(store, [fold(DEFINITION, [one])])
    flow = flows(store).flow(WORKFLOW, Filter())
    assert (flow.total, flow.reached, flow.hops) == (1, {}, ())
    assert [(stop.step, stop.count) for stop in flow.stops] == [("", 1)]
    assert [variant.path for variant in flows(store).variants(WORKFLOW, Filter()).items] == [()]


companies = st.lists(st.dictionaries(st.sampled_from(STEPS), st.integers(0, 3), min_size=1), min_size=1, max_size=12)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(company=companies)
def test_every_hop_and_stop_is_counted_as_one_by_one(store: Store, company: list[dict[str, int]]) -> None:
    for table in ("instances_by_week", "instance_weeks", "milestones", "facts", "key_labels", "label_keys"):
        store.define(f"TRUNCATE TABLE {table}")
    found = [
        invoice(number, NOW, [(step, at * SECOND) for step, at in steps.items()])
        for number, steps in enumerate(company)
    ]
    write(store, found)
    flow = flows(store).flow(WORKFLOW, Filter())
    ways = [way(one) for one in found]
    assert {(hop.start, hop.end): hop.count for hop in flow.hops} == Counter(
        hop for one in ways for hop in pairwise(one)
    )
    assert flow.reached == Counter(step for one in ways for step in one)
    assert Counter({(stop.step, stop.state): stop.count for stop in flow.stops}) == Counter(
        (one[-1], instance.state) for one, instance in zip(ways, found, strict=True)
    )
    variants = flows(store).variants(WORKFLOW, Filter(), limit=100)
    assert {one.path: one.count for one in variants.items} == Counter(ways)


def test_no_instance_is_read_by_python(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes back is as long as the steps are many, however many instances there are."""
    write(store, [invoice(number, NOW, [("finalized", 0), ("posted", number * SECOND)]) for number in range(500)])
    lengths: list[int] = []
    asked = Store.query

    def counting(self: Store, sql: str, *args: Any, **named: Any) -> Any:
        found = asked(self, sql, *args, **named)
        lengths.append(len(found))
        return found

    monkeypatch.setattr(Store, "query", counting)
    assert flows(store).flow(WORKFLOW, Filter()).total == 500
    assert max(lengths) <= len(STEPS)
