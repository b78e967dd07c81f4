"""What a search leads to beyond whole ids: parts of ids, other objects' ids, what objects say of themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.correlation.correlator import Correlator
from collectors.store.client import Store
from collectors.timelines.reading import Timelines
from tests.collectors.conftest import Insert
from tests.collectors.correlation.test_correlator import DEFINITION, invoice
from tests.collectors.spans import SpanData

LINKED = replace(
    DEFINITION,
    links=(("subscription", "subscription.id"),),
    dimensions=(("entity", "entity"), ("customer", "customer.name")),
)


def span(ident: int, **attributes: str) -> SpanData:
    plain = invoice(ident, "invoice.finalized", ident, billing_id=f"in_{ident:04}")
    return replace(
        plain, attributes={**plain.attributes, **{name.replace("_", "."): one for name, one in attributes.items()}}
    )


@pytest.fixture
def timelines(store: Store, insert: Insert, correlator: Correlator) -> Timelines:
    insert(
        [
            span(1, invoice_number="NWDE-104512", subscription_id="sub_1", customer_name="Müller & Söhne GmbH"),
            span(2, invoice_number="NWDE-104513", subscription_id="sub_1", customer_name="Acme Ltd"),
            span(3, invoice_number="NWUS-77", subscription_id="sub_2", customer_name="acme holding"),
            span(4, invoice_number="50%_off'); DROP TABLE spans; --"),
        ]
    )
    correlator.define([LINKED])
    correlator.work()
    return Timelines(store, lambda: correlator.active, correlator.corrections)


def found(timelines: Timelines, text: str) -> tuple[set[str], set[str]]:
    """The invoices, and how they were found."""
    hits = timelines.search(text)
    return {dict(hit.instance.keys)["billing"] for hit in hits}, {hit.how for hit in hits}


@pytest.mark.parametrize(
    ("text", "invoices", "how"),
    [
        ("104512", {"in_0001"}, "id"),  # the end of an id
        ("nwde\u2013104512", {"in_0001"}, "id"),  # with the dash of a document
        ("invoice.number:NWUS-77", {"in_0003"}, "id"),  # as REST writes a key
        ("NWUS-77;in_0001", {"in_0003", "in_0001"}, "id"),
        ("NWUS%2D77", {"in_0003"}, "id"),
        ("50%_off'); DROP TABLE spans; --", {"in_0004"}, "id"),
        ("sub_1", {"in_0001", "in_0002"}, "related"),
        ("SUB_2", {"in_0003"}, "related"),
        ("https://dashboard.example.com/subscriptions/sub_2", {"in_0003"}, "related"),
        ("müller", {"in_0001"}, "dimension"),
        ("  Söhne gmbh ", {"in_0001"}, "dimension"),
        ("ACME", {"in_0002", "in_0003"}, "dimension"),
    ],
)
def test_a_text_leads_to_what_was_meant(timelines: Timelines, text: str, invoices: set[str], how: str) -> None:
    assert found(timelines, text) == (invoices, {how})


@pytest.mark.parametrize(
    "text", ["%", "_", "' OR 1=1 --", "\\", "{text:String}", "in_000%", "\x00", "\ud83d", "x" * 500, "a b " * 120]
)
def test_what_means_nothing_finds_nothing_and_breaks_nothing(timelines: Timelines, text: str) -> None:
    assert timelines.search(text) == []
    timelines.near(text)


def test_what_may_have_been_meant_is_told(timelines: Timelines) -> None:
    assert timelines.near("NWDE-104599") == ["NWDE-104512", "NWDE-104513"]
    assert timelines.near("NWDE-10451X") == ["NWDE-104512", "NWDE-104513"]
    assert timelines.near("zzz") == []


def test_as_many_timelines_are_found_as_are_asked_for_however_many_ids_each_has(
    store: Store, insert: Insert, correlator: Correlator
) -> None:
    """Ids that begin alike may be of one instance, and then stand for one only."""
    many = [
        invoice(100 + one, "invoice.finalized", 1, billing_id="a", invoice_number=f"N-0{one:02}") for one in range(30)
    ]
    more = [
        invoice(200 + one, "invoice.finalized", 1, billing_id=f"b{one}", invoice_number=f"N-1{one:02}")
        for one in range(9)
    ]
    insert([*many, *more])
    correlator.define([DEFINITION])
    correlator.work()
    timelines = Timelines(store, lambda: correlator.active, correlator.corrections)
    assert len(timelines.search("N-", 10)) == 10
