"""Relations: orders, subscriptions and invoices that name one another."""

from __future__ import annotations

import pytest

from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.correlator import Correlator
from collectors.store.client import Store
from collectors.timelines.model import Instance, Key
from collectors.timelines.reading import Timelines
from collectors.timelines.related import related
from collectors.workflows.definition import Definition, Match, Step
from tests.collectors.conftest import Insert
from tests.collectors.spans import SpanData

ORDERS = Definition(
    workflow="order-to-activation",
    object="order",
    keys=(("order", "order.number"), ("subscription", "subscription.id")),
    steps=(Step("won", "crm", Match(span="order.won")),),
)
INVOICES = Definition(
    workflow="invoice-to-cash",
    object="invoice",
    keys=(("invoice", "invoice.id"), ("erp", "erp.id")),
    links=(("customer", "customer.id"), ("subscription", "subscription.id")),
    steps=(Step("finalized", "billing", Match(span="invoice.finalized")), Step("paid", "billing", Match(span="invoice.paid"))),
)  # fmt: skip


def invoice(number: int, name: str = "invoice.finalized", at: int = 0, **more: str) -> SpanData:
    return SpanData(name, 100 + number * 10 + at, number + at, 1, {"invoice.id": f"in_{number}", **more})


@pytest.fixture
def timelines(store: Store, insert: Insert, correlator: Correlator) -> Timelines:
    """One order; three invoices of its subscription, one of another, all of one customer."""
    correlator.define([ORDERS, INVOICES])
    correlator.work()
    mine = {"subscription.id": "sub_1", "customer.id": "cus_1"}
    other = {"subscription.id": "sub_2", "customer.id": "cus_1"}
    insert([SpanData("order.won", 1, 0, 1, {"order.number": "SO-1", "subscription.id": "sub_1"})])
    insert([*(invoice(number, **mine) for number in (1, 2, 3)), invoice(4, **other), invoice(1, "invoice.paid", 5)])
    correlator.work()
    return Timelines(store, lambda: correlator.active, correlator.corrections)


def found(timelines: Timelines, workflow: str, key: Key) -> Instance:
    one = timelines.find(workflow, key)
    assert one is not None
    return one


def told(timelines: Timelines, one: Instance, limit: int = 20) -> list[tuple[str, str, str, int, list[str]]]:
    return [
        (group.how, group.key.value, group.workflow, group.total, [other.keys[0].value for other in group.instances])
        for group in related(timelines, one, limit)
    ]


def test_an_invoice_belongs_to_its_order_and_has_siblings(timelines: Timelines) -> None:
    one = found(timelines, "invoice-to-cash", Key("invoice", "in_1"))
    assert one.links == (Key("customer", "cus_1"), Key("subscription", "sub_1"))
    assert told(timelines, one) == [
        ("belongs to", "sub_1", "order-to-activation", 1, ["SO-1"]),
        ("shares", "cus_1", "invoice-to-cash", 3, ["in_4", "in_3", "in_2"]),
        ("shares", "sub_1", "invoice-to-cash", 2, ["in_3", "in_2"]),
    ]
    assert told(timelines, one, 1)[1] == ("shares", "cus_1", "invoice-to-cash", 3, ["in_4"])


def test_an_order_has_the_invoices_of_its_subscription(timelines: Timelines) -> None:
    order = found(timelines, "order-to-activation", Key("order", "SO-1"))
    assert told(timelines, order) == [("has", "sub_1", "invoice-to-cash", 3, ["in_3", "in_2", "in_1"])]


def test_relations_follow_what_people_put_right(timelines: Timelines, insert: Insert, correlator: Correlator) -> None:
    insert(
        [
            invoice(1, at=7, **{"erp.id": "9", "subscription.id": "sub_9"}),
            SpanData("invoice.paid", 5, 9, 1, {"erp.id": "9"}),
        ]
    )
    correlator.work()
    for keep, drop in ((Key("invoice", "in_1"), Key("erp", "9")), (Key("erp", "9"), Key("invoice", "in_1"))):
        correlator.define([ORDERS, INVOICES], {"invoice-to-cash": Corrections(apart=frozenset({(keep, drop)}))})
        correlator.work()
        one, other = (found(timelines, "invoice-to-cash", key) for key in (keep, drop))
        assert Key("subscription", "sub_9") in one.links
        assert Key("subscription", "sub_9") not in other.links
        insert([SpanData("order.won", 2, 0, 1, {"order.number": "SO-9", "subscription.id": "sub_9"})])
        correlator.work()
        order = found(timelines, "order-to-activation", Key("order", "SO-9"))
        assert told(timelines, order) == [("has", "sub_9", "invoice-to-cash", 1, [one.keys[0].value])]
    correlator.define([ORDERS, INVOICES], {"invoice-to-cash": NOTHING})
    correlator.work()
    whole = found(timelines, "invoice-to-cash", Key("erp", "9"))
    assert [group[:2] for group in told(timelines, whole)][:2] == [("belongs to", "sub_1"), ("belongs to", "sub_9")]


def test_what_names_nothing_relates_to_nothing(timelines: Timelines, insert: Insert, correlator: Correlator) -> None:
    insert([invoice(7)])
    correlator.work()
    assert related(timelines, found(timelines, "invoice-to-cash", Key("invoice", "in_7"))) == []
