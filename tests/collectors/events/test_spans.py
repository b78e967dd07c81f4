"""An event as a span: the same for every delivery, in the sender's trace where it names one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from collectors.events.model import CloudEvent
from collectors.events.spans import MOST_VALUES, attributes, ids, request_of
from collectors.otlp.check import check
from collectors.timelines import times

NOW = times.parse("2026-05-16T12:00:00Z")
EVENT = CloudEvent("evt-1", "/billing", "invoice.paid", time=times.parse("2026-05-16T08:00:00Z"))
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_an_event_is_a_span_without_length() -> None:
    request = request_of([EVENT, replace(EVENT, id="evt-2", time=None), replace(EVENT, source="/other")], NOW)
    first, other = request.resource_spans
    assert [one.value.string_value for one in first.resource.attributes] == ["/billing"]
    one, two = first.scope_spans[0].spans
    assert (one.name, one.kind, one.start_time_unix_nano, one.end_time_unix_nano) == (
        "invoice.paid", 0, EVENT.time, EVENT.time,
    )  # fmt: skip
    assert two.start_time_unix_nano == NOW
    assert len(other.scope_spans[0].spans) == 1
    checked = check(request.SerializeToString(), NOW)
    assert (checked.spans, checked.rejected, checked.services) == (3, 0, {"/billing": 2, "/other": 1})


def test_source_and_id_make_the_ids_and_nothing_else_does() -> None:
    again = replace(EVENT, time=None, data={"other": 1}, subject="x")
    assert ids(again) == ids(EVENT)
    assert ids(replace(EVENT, id="evt-2")) != ids(EVENT)
    assert ids(replace(EVENT, source="/b", id="illingevt-1")) != ids(EVENT)
    assert ids(EVENT)[2] == b""


def test_the_senders_trace_is_joined() -> None:
    trace, span, parent = ids(replace(EVENT, extensions={"traceparent": PARENT}))
    assert trace.hex() == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert parent.hex() == "00f067aa0ba902b7"
    assert span == ids(EVENT)[1]
    for wrong in ("x", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", PARENT.replace("00-", "ff-", 1), PARENT.upper()):
        assert ids(replace(EVENT, extensions={"traceparent": wrong})) == ids(EVENT)


def test_data_becomes_flat_attributes() -> None:
    event = replace(
        EVENT,
        subject="in_1",
        data_schema="urn:s",
        extensions={"tenant": "de"},
        data={
            "invoice": {"number": "INV-1", "amount": Decimal("1250.00"), "paid": True, "note": None},
            "lines": [{"sku": 7}],
            "cloudevents": {"event_id": "forged"},
            "big": 2**70,
        },
    )
    assert dict(attributes(event)) == {
        "cloudevents.event_id": "evt-1",
        "cloudevents.event_source": "/billing",
        "cloudevents.event_spec_version": "1.0",
        "cloudevents.event_type": "invoice.paid",
        "cloudevents.event_subject": "in_1",
        "cloudevents.event_dataschema": "urn:s",
        "cloudevents.event_tenant": "de",
        "invoice.number": "INV-1",
        "invoice.amount": Decimal("1250.00"),
        "invoice.paid": True,
        "lines.0.sku": 7,
        "big": 2**70,
        "cloudevents.data_left_out": 1,
    }
    span = request_of([event], NOW).resource_spans[0].scope_spans[0].spans[0]
    told = {one.key: one.value for one in span.attributes}
    assert told["invoice.amount"].string_value == "1250.00"
    assert told["big"].string_value == str(2**70)
    assert told["invoice.paid"].bool_value


def test_what_is_too_much_is_counted() -> None:
    told = dict(attributes(replace(EVENT, data={"list": list(range(MOST_VALUES + 7)), "x" * 201: 1})))
    assert told["cloudevents.data_left_out"] == 8
    assert dict(attributes(replace(EVENT, data="text")))["data"] == "text"


@given(st.text(min_size=1), st.text(), st.decimals(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_can_be_stored(name: str, text: str, number: Decimal) -> None:
    request_of([replace(EVENT, data={name: text, "n": number})], NOW).SerializeToString()
