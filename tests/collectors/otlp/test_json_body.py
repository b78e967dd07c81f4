from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from collectors.otlp.check import InvalidRequestError
from collectors.otlp.json_body import read
from tests.collectors.spans import T0, value


def span(**fields: Any) -> dict[str, Any]:
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "erp"}}]},
                "scopeSpans": [
                    {
                        "scope": {"name": "lib", "version": "1"},
                        "spans": [
                            {
                                "traceId": "5B8EFFF798038103D269B633813FC60C",
                                "spanId": "eee19b7ec3c1b174",
                                "name": "post",
                                "kind": 3,
                                "startTimeUnixNano": str(T0),
                                "endTimeUnixNano": T0 + 5,
                                **fields,
                            }
                        ],
                    }
                ],
            }
        ]
    }


def first(document: dict[str, Any]) -> Any:
    return read(orjson.dumps(document)).resource_spans[0].scope_spans[0].spans[0]


def test_ids_are_hex_of_either_case_and_times_strings_or_numbers() -> None:
    found = first(
        span(
            parentSpanId="EEE19B7EC3C1B173",
            links=[{"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "aaaaaaaaaaaaaaaa"}],
        )
    )
    assert found.trace_id.hex() == "5b8efff798038103d269b633813fc60c"
    assert found.span_id.hex() == "eee19b7ec3c1b174"
    assert found.parent_span_id.hex() == "eee19b7ec3c1b173"
    assert found.links[0].span_id.hex() == "aaaaaaaaaaaaaaaa"
    assert (found.start_time_unix_nano, found.end_time_unix_nano, found.kind) == (T0, T0 + 5, 3)


def test_unknown_fields_and_nulls_are_ignored() -> None:
    document = span(status={"code": 2, "message": "no", "severity": 1}, attributes=None, newField={"a": 1})
    document["later"] = True
    found = first(document)
    assert (found.status.code, found.status.message) == (2, "no")


plain = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


SCALARS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "bytes_value": lambda one: {"bytesValue": base64.b64encode(one).decode()},
    "int_value": lambda one: {"intValue": str(one)},
    "string_value": lambda one: {"stringValue": one},
    "double_value": lambda one: {"doubleValue": one},
    "bool_value": lambda one: {"boolValue": one},
}


def as_json(any_value: AnyValue) -> dict[str, Any]:
    """OTLP/JSON as the specification writes it, by hand."""
    kind = any_value.WhichOneof("value")
    assert kind is not None
    if kind == "array_value":
        return {"arrayValue": {"values": [as_json(one) for one in any_value.array_value.values]}}
    if kind == "kvlist_value":
        pairs = [{"key": one.key, "value": as_json(one.value)} for one in any_value.kvlist_value.values]
        return {"kvlistValue": {"values": pairs}}
    return SCALARS[kind](getattr(any_value, kind))


@given(plain)
def test_every_value_reads_as_its_protobuf_twin(thing: object) -> None:
    twin = value(thing)
    found = first(span(attributes=[{"key": "k", "value": as_json(twin)}]))
    assert found.attributes[0].value == twin


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"traceId": "xyz"}, "resourceSpans[0].scopeSpans[0].spans[0].traceId must be hexadecimal"),
        ({"traceId": 5}, "traceId must be a string"),
        ({"startTimeUnixNano": "soon"}, "startTimeUnixNano must be an integer"),
        ({"startTimeUnixNano": -1}, "startTimeUnixNano is out of range"),
        ({"startTimeUnixNano": True}, "startTimeUnixNano must be an integer"),
        ({"endTimeUnixNano": str(2**64)}, "endTimeUnixNano is out of range"),
        ({"attributes": {"a": 1}}, "attributes must be a list"),
        ({"attributes": ["a"]}, "attributes[0] must be an object"),
        ({"attributes": [{"key": "a", "value": {"intValue": 1.5}}]}, "intValue must be an integer"),
        ({"attributes": [{"key": "a", "value": {"boolValue": "yes"}}]}, "boolValue must be true or false"),
        ({"attributes": [{"key": "a", "value": {"doubleValue": "much"}}]}, "doubleValue must be a number"),
        ({"attributes": [{"key": "a", "value": {"bytesValue": "%%"}}]}, "bytesValue must be base64"),
        ({"status": []}, "status must be an object"),
        ({"name": 7}, "name must be a string"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        first(span(**fields))
    assert said in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"resourceSpans": {}}', b"\xff", b"[" * 2000])
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequestError):
        read(body)


def test_values_nested_without_end_are_refused() -> None:
    nested: dict[str, Any] = {"stringValue": "x"}
    for _ in range(40):
        nested = {"arrayValue": {"values": [nested]}}
    with pytest.raises(InvalidRequestError, match="nested deeper"):
        first(span(attributes=[{"key": "a", "value": nested}]))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "resourceSpans",
                        "scopeSpans",
                        "spans",
                        "attributes",
                        "value",
                        "key",
                        "status",
                        "arrayValue",
                        "values",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=15,
    )
)
def test_any_json_is_either_read_or_refused(document: object) -> None:
    try:
        body = orjson.dumps(document)
    except TypeError:
        return  # integers beyond 64 bits can't be written
    with contextlib.suppress(InvalidRequestError):
        assert read(body) == read(body)
