"""The HTTP binding and the JSON format of CloudEvents 1.0."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.events.model import CloudEvent, EventError, Fault, MediaTypeError
from collectors.events.reading import BATCH, STRUCTURED, leaves, read
from collectors.timelines import times

NOW = times.parse("2026-05-16T12:00:00Z")
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "evt-1",
    "source": "https://billing.example.com/live",
    "type": "com.example.invoice.paid",
}


def structured(document: Any, content_type: str = STRUCTURED) -> tuple[list[CloudEvent], list[Fault]]:
    found, faults = read([("Content-Type", content_type)], json.dumps(document).encode(), NOW)
    return [one for _, one in found], faults


def one(**more: Any) -> CloudEvent:
    found, faults = structured({**EVENT, **more})
    assert faults == []
    return found[0]


def fault(**more: Any) -> Fault:
    found, faults = structured({name: value for name, value in {**EVENT, **more}.items() if value is not ...})
    assert found == []
    return faults[0]


def binary(headers: dict[str, str], body: bytes = b"") -> tuple[list[CloudEvent], list[Fault]]:
    whole = {"ce-specversion": "1.0", "ce-id": "evt-1", "ce-source": "/billing", "ce-type": "paid", **headers}
    found, faults = read([*whole.items()], body, NOW)
    return [each for _, each in found], faults


def test_a_structured_event_is_read_whole() -> None:
    found = one(
        subject="invoice/in_1",
        time="2026-05-16T10:00:00.123456789+02:00",
        datacontenttype="application/json",
        dataschema="https://example.com/invoice/1",
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        shard=7,
        replayed=False,
        comexampleextension=None,
        data={"invoice": {"number": "INV-1", "amount": 1250.00}},
    )
    assert found == CloudEvent(
        id="evt-1",
        source="https://billing.example.com/live",
        type="com.example.invoice.paid",
        subject="invoice/in_1",
        time=times.parse("2026-05-16T08:00:00.123456789Z"),
        content_type="application/json",
        data_schema="https://example.com/invoice/1",
        extensions={
            "replayed": False,
            "shard": 7,
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
        data={"invoice": {"number": "INV-1", "amount": Decimal("1250.0")}},
    )


def test_amounts_stay_as_they_were_written() -> None:
    body = json.dumps(EVENT)[:-1] + ', "data": {"amount": 1250.00, "rate": 1e-3, "id": 12345678901234567890}}'
    found, _ = read([("content-type", STRUCTURED)], body.encode(), NOW)
    data = found[0][1].data
    assert [str(data[name]) for name in ("amount", "rate", "id")] == ["1250.00", "0.001", "12345678901234567890"]


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type"])
def test_each_required_attribute_is_asked_for(name: str) -> None:
    assert f"{name} is missing" in fault(**{name: ...}).message
    assert f"{name} is missing" in fault(**{name: None}).message
    assert f"{name} must not be empty" in fault(**{name: ""}).message
    assert f"{name} must be a text" in fault(**{name: 5}).message


@pytest.mark.parametrize(
    ("given", "path", "words"),
    [
        ({"specversion": "0.3"}, "specversion", "must be 1.0"),
        ({"source": "not a uri"}, "source", "without spaces"),
        ({"source": "/a%zz"}, "source", "must be a URI"),
        ({"type": "a\nb"}, "type", "U+000A"),
        ({"id": "x" * 2001}, "id", "2,001 characters"),
        ({"time": "2026-05-16 10:00:00Z"}, "time", "RFC 3339"),
        ({"time": "2026-05-16T10:00:00"}, "time", "RFC 3339"),
        ({"time": "2026-13-16T10:00:00Z"}, "time", "time"),
        ({"time": "1970-01-01T00:00:00Z"}, "time", "before 1990"),
        ({"time": "2036-01-01T00:00:00Z"}, "time", "more than a year ahead"),
        ({"subject": ""}, "subject", "must not be empty"),
        ({"datacontenttype": "json"}, "datacontenttype", "media type"),
        ({"dataschema": "schemas/1"}, "dataschema", "with its scheme"),
        ({"traceId": "x"}, "traceId", "lower-case letters"),
        ({"trace-id": "x"}, "trace-id", "lower-case letters"),
        ({"shard": 2**31}, "shard", "from -2147483648"),
        ({"shard": 1.5}, "shard", "a number with a fraction"),
        ({"shard": {"a": 1}}, "shard", "an object"),
        ({"data": 1, "data_base64": "MQ=="}, "data_base64", "not both"),
        ({"data_base64": "%%%"}, "data_base64", "base64"),
        ({"data_base64": 5}, "data_base64", "must be a text"),
    ],
)
def test_what_the_specification_forbids_is_told_with_its_place(given: dict[str, Any], path: str, words: str) -> None:
    found = fault(**given)
    assert found.path == path
    assert words in found.message


@pytest.mark.parametrize(
    "source", ["/", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "mailto:a@b", "a", "/ü?x=%20"]
)
def test_sources_are_references_of_any_kind(source: str) -> None:
    assert one(source=source).source == source


def test_data_in_base64_is_read_where_it_says_that_it_is_json() -> None:
    encoded = base64.b64encode(b'{"a": 1}').decode()
    assert one(datacontenttype="application/vnd.x+json", data_base64=encoded).data == {"a": 1}
    plain = one(datacontenttype="application/octet-stream", data_base64=encoded)
    assert (plain.data, plain.opaque) == (None, 8)
    assert one(data_base64=encoded).opaque == 8
    assert "not valid JSON" in fault(datacontenttype="application/json", data_base64="e30x").message


def test_data_that_is_no_json_stays_unread() -> None:
    assert one(datacontenttype="application/xml", data="<a/>").data is None
    assert one(data="text").data == "text"


def test_in_a_batch_the_good_stay_beside_the_bad() -> None:
    batch = [EVENT, {**EVENT, "id": "evt-2", "source": "a b"}, 5, {**EVENT, "id": "evt-3"}]
    found, faults = read([("content-type", f"{BATCH}; charset=UTF-8")], json.dumps(batch).encode(), NOW)
    assert [(position, event.id) for position, event in found] == [(0, "evt-1"), (3, "evt-3")]
    assert [(one.position, one.id, one.path) for one in faults] == [(1, "evt-2", "source"), (2, "", "")]
    assert read([("content-type", BATCH)], b"[]", NOW) == ([], [])


@pytest.mark.parametrize(
    ("content_type", "body", "error", "words"),
    [
        (BATCH, b"{}", EventError, "must be a list"),
        (BATCH, b"[" + b"1," * 10_000 + b"1]", EventError, "10,001 events"),
        (STRUCTURED, b"{", EventError, "not valid JSON"),
        (STRUCTURED, b"\xff", EventError, "not UTF-8"),
        (STRUCTURED, b'{"a": NaN}', EventError, "NaN is no JSON"),
        (STRUCTURED, b"[" * 100_000, EventError, "nested too deeply"),
        (STRUCTURED, b'{"a": ' + b"9" * 5000 + b"}", EventError, "5000 digits"),
        (f"{STRUCTURED}; charset=utf-16", b"{}", MediaTypeError, "utf-16"),
        ("application/cloudevents+avro", b"", MediaTypeError, "in JSON only"),
        ("application/json", b"{}", MediaTypeError, "this is no CloudEvent"),
        ("", b"", MediaTypeError, "content-type is missing"),
    ],
)
def test_what_can_not_be_read_at_all(content_type: str, body: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read([("content-type", content_type)] if content_type else [], body, NOW)


def test_a_binary_event_has_its_attributes_in_headers() -> None:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "CE-Subject": "Euro%20%E2%82%AC%20%F0%9F%98%80",
        "ce-time": "2026-05-16T08:00:00Z",
        "ce-reason": '"a \\"quoted\\" text"',
        "traceparent": "that of the request, which is no attribute",
    }
    found, faults = binary(headers, b'{"invoice": {"number": "INV-1"}}')
    assert faults == []
    event = found[0]
    assert event.subject == "Euro € 😀"
    assert event.extensions == {"reason": 'a "quoted" text'}
    assert event.data == {"invoice": {"number": "INV-1"}}
    assert event.time == times.parse("2026-05-16T08:00:00Z")
    assert binary({"content-type": "text/plain"}, b"hello")[0][0].opaque == 5
    assert binary({})[0][0].data is None


def test_what_is_wrong_with_a_binary_event() -> None:
    for headers, body, words in (
        ({"ce-id": ""}, b"", "id must not be empty"),
        ({"ce-datacontenttype": "text/plain"}, b"", "goes as the header content-type"),
        ({"ce-data": "x"}, b"", "the place of the data"),
        ({"ce-x": "%ff"}, b"", "not UTF-8"),
        ({"content-type": "application/json"}, b"{", "not valid JSON"),
    ):
        found, faults = binary(headers, body)
        assert found == []
        assert words in faults[0].message
    twice = [("ce-specversion", "1.0"), ("ce-id", "a"), ("ce-id", "b"), ("ce-source", "/"), ("ce-type", "t")]
    assert "comes twice" in read(twice, b"", NOW)[1][0].message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=15,
)


@given(JSON)
def test_any_json_in_place_of_an_event_is_an_event_or_a_fault(document: Any) -> None:
    found, faults = read([("content-type", BATCH)], json.dumps([document, EVENT]).encode(), NOW)
    assert len(found) + len(faults) == 2
    assert found[-1][1].id == "evt-1"


@given(JSON)
def test_leaves_are_all_that_is_said(document: Any) -> None:
    def count(value: Any) -> int:
        if isinstance(value, dict):
            return sum(map(count, value.values()))
        return sum(map(count, value)) if isinstance(value, list) else int(value is not None)

    assert len(list(leaves(document))) == count(document)


def test_leaves_have_paths() -> None:
    document = {"a": {"b": 1, "c": [{"d": True}, "x"]}, "e": None, "f.g": "y"}
    assert list(leaves(document)) == [("a.b", 1), ("a.c.0.d", True), ("a.c.1", "x"), ("f.g", "y")]
    assert list(leaves("text")) == [("", "text")]
