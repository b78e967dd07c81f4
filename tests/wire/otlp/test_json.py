"""OTLP/JSON, where it differs from protobuf's own JSON."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

import httpx
import orjson
import pytest

from tests.collectors.spans import T0
from tests.serving import TOKEN, LiveServer

_idents = count(0xD0_0000)


def post(server: LiveServer, document: object) -> httpx.Response:
    headers = {"authorization": f"Bearer {TOKEN}"}
    return httpx.post(f"{server.otlp_http}/v1/traces", json=document, headers=headers, timeout=60)


def document(ident: int, **fields: Any) -> dict[str, Any]:
    span = {
        "traceId": f"{ident:032x}", "spanId": f"{ident:016x}", "name": "json", "startTimeUnixNano": str(T0),
        "endTimeUnixNano": str(T0 + 7), **fields,
    }  # fmt: skip
    return {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}


def stored(server: LiveServer, **fields: Any) -> dict[str, Any]:
    """The one span, as it is read back."""
    ident = next(_idents)
    answer = post(server, document(ident, **fields))
    assert (answer.status_code, answer.json()) == (200, {})
    (span,) = server.get(f"/api/v1/traces/{ident:032x}")["spans"]
    return dict(span)


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_ids_are_hex_of_either_case(live_server: LiveServer, case: Any) -> None:
    ident = 0xABCDEF << 24 | next(_idents)
    links = [{"traceId": case("5b8efff798038103d269b633813fc60c"), "spanId": case("eee19b7ec3c1b174")}]
    fields = {"spanId": case(f"{ident:016x}"), "parentSpanId": case("eee19b7ec3c1b173"), "links": links}
    assert post(live_server, document(ident, traceId=case(f"{ident:032x}"), **fields)).status_code == 200
    (span,) = live_server.get(f"/api/v1/traces/{ident:032x}")["spans"]
    assert (span["span_id"], span["parent_span_id"]) == (f"{ident:016x}", "eee19b7ec3c1b173")
    assert span["links"][0]["trace_id"] == "5b8efff798038103d269b633813fc60c"


def test_ids_in_base64_are_refused(live_server: LiveServer) -> None:
    answer = post(live_server, document(1, traceId=base64.b64encode(bytes(range(1, 17))).decode()))
    assert answer.status_code == 400
    assert "traceId must be hexadecimal digits" in answer.json()["message"]


@pytest.mark.parametrize("write", [str, int])
def test_64_bit_integers_are_strings_or_numbers(live_server: LiveServer, write: Any) -> None:
    value = [{"key": "n", "value": {"intValue": write(2**62)}}]
    span = stored(live_server, startTimeUnixNano=write(T0 + 1), endTimeUnixNano=write(T0 + 3), attributes=value)
    assert (span["started_at"], span["duration_ns"]) == ("2026-05-16T08:00:00.000000001Z", 2)
    assert span["attributes"] == {"n": str(2**62)}


def test_enums_are_integers(live_server: LiveServer) -> None:
    span = stored(live_server, kind=2, status={"code": 2, "message": "no"})
    assert (span["kind"], span["status"], span["status_message"]) == ("server", "error", "no")
    answer = post(live_server, document(1, kind="SPAN_KIND_SERVER"))
    assert answer.status_code == 400
    assert "kind must be an integer" in answer.json()["message"]


def test_bytes_are_base64(live_server: LiveServer) -> None:
    value = {"bytesValue": base64.b64encode(b"\x00\xff").decode()}
    assert stored(live_server, attributes=[{"key": "b", "value": value}])["attributes"] == {"b": "AP8="}


@pytest.mark.parametrize("text", ["-_8=", "-_8", "+/8=", "+/8", "+_8"])
def test_bytes_are_base64_of_either_alphabet_with_and_without_padding(live_server: LiveServer, text: str) -> None:
    value = {"bytesValue": text}
    assert stored(live_server, attributes=[{"key": "b", "value": value}])["attributes"] == {"b": "+/8="}


@pytest.mark.parametrize("text", ["A", "%%", "AP8=AP8=", "ü", "AP 8"])
def test_bytes_that_are_no_base64_are_refused_for_good(live_server: LiveServer, text: str) -> None:
    answer = post(live_server, document(1, attributes=[{"key": "b", "value": {"bytesValue": text}}]))
    assert answer.status_code == 400
    assert answer.json()["message"].endswith(".attributes[0].value.bytesValue must be base64")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"NaN", b'{"resourceSpans": NaN}', b'{"resourceSpans": [null]}', b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"), b'{"resourceSpans": [{"schemaUrl": "\\ud800"}]}', b"[" * 100_000, b'{"a":' * 100_000,
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": 1e999}]}]}]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": "%s"}]}]}]}' % (b"9" * 5_000),
    ],
    ids=["nothing", "null", "NaN", "NaN in it", "null in a list", "mark", "utf-16", "half a pair", "lists", "objects",
         "infinity", "digits"],
)  # fmt: skip
def test_json_that_is_none_or_no_request_is_refused_for_good(live_server: LiveServer, content: bytes) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    answer = httpx.post(f"{live_server.otlp_http}/v1/traces", content=content, headers=headers, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (400, 3)


def test_of_two_members_of_one_name_the_last_counts(live_server: LiveServer) -> None:
    ident = next(_idents)
    whole = orjson.dumps(document(ident))
    content = b'{"resourceSpans":[],' + whole[1:]
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    assert httpx.post(f"{live_server.otlp_http}/v1/traces", content=content, headers=headers).status_code == 200
    assert len(live_server.get(f"/api/v1/traces/{ident:032x}")["spans"]) == 1


def test_unknown_fields_and_nulls_are_ignored_and_names_are_in_camel_case(live_server: LiveServer) -> None:
    more: dict[str, Any] = {"newField": {"deep": [1]}, "parent_span_id": "eee19b7ec3c1b173", "attributes": None}
    span = stored(live_server, **more)
    assert (span["parent_span_id"], span["attributes"]) == (None, {})


def test_a_value_of_a_kind_that_is_not_known_yet_is_empty(live_server: LiveServer) -> None:
    attributes = [{"key": "new", "value": {"newValue": 1}}, {"key": "none", "value": {}}, {"key": "bare"}]
    assert stored(live_server, attributes=attributes)["attributes"] == {"new": "", "none": "", "bare": ""}


def test_every_kind_of_value_is_read(live_server: LiveServer) -> None:
    values = {
        "s": {"stringValue": ""}, "t": {"boolValue": True}, "f": {"boolValue": False}, "d": {"doubleValue": 0.5},
        "inf": {"doubleValue": "Infinity"}, "i": {"intValue": "-7"}, "zero": {"intValue": 0},
        "l": {"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "1"}]}}, "empty": {"arrayValue": {}},
        "m": {"kvlistValue": {"values": [{"key": "x", "value": {"boolValue": True}}]}},
    }  # fmt: skip
    span = stored(live_server, attributes=[{"key": key, "value": value} for key, value in values.items()])
    assert span["attributes"] == {
        "s": "", "t": "true", "f": "false", "d": "0.5", "inf": "inf", "i": "-7", "zero": "0", "l": '["a",1]', "empty": "[]",
        "m": '{"x":true}',
    }  # fmt: skip


def test_an_error_is_json_as_well(live_server: LiveServer) -> None:
    answer = post(live_server, document(1, startTimeUnixNano="soon"))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    said = "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano must be an integer, as a number or a string"
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"description": said}]}
    assert answer.json() == {"code": 3, "message": said, "details": [detail]}
